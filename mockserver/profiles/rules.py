"""The behaviour of one generation, with a typed attribute for every feature."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mockserver.profiles.features import FEATURES
from mockserver.profiles.refusals import Refusals
from mockserver.profiles.wording import DomainErrors


@dataclass(frozen=True, eq=False)
class Rules:
    """What a server of one generation does; each attribute is the feature of that name."""

    generation: int
    error_code: int
    error_keys: tuple[str, ...]
    exceptions_carry_value: bool
    access_denied: str
    expired_keeps_id: bool
    json_errors_for_unknown_urls: bool
    wrong_type_status: int
    rest_flavour: str
    escapes_json: bool
    json_content_type: str
    xml_content_type: str
    json_body_checked: bool
    invalid_json_text: str
    wrong_type_text: str
    session_info_without_login: bool
    companies_told: bool
    companies_by_id: bool
    company_branches: bool
    company_currency_told: bool
    session_id_length: int
    login_renews_session: bool
    database_header: bool
    web_unknown_model: str
    button_keywords: bool
    unknown_database_text: str
    xmlrpc_before_routes: bool
    xmlrpc_refuses_json: bool
    xml_declaration: str
    xml_drops_controls: bool
    xml_datetimes: bool
    strict_bytes: bool
    json2: bool
    api_keys: bool
    api_keys_expire: bool
    session_days: int
    session_in_header: bool
    failed_login_is_an_answer: bool
    unknown_service: str
    qualified_names: bool
    arity_by_unpacking: str | None
    drops_extra_params: bool
    context_argument: bool
    plain_routes_refuse_json: bool
    options_needs_login: bool
    errors_show_rule: bool
    context_param_replaces: bool
    login_page_absolute: bool
    plain_errors_told: bool
    creates_many: bool
    copy_gives_list: bool
    check_access_rights_answers: bool
    checks_access_mode: bool
    private_text: str
    private_first: bool
    unknown_method_text: str
    unknown_uid: str
    no_ids_text: str
    helpers_private: bool
    unknown_on_create: str
    unknown_on_write: str
    unknown_on_read: str
    unknown_field_text: str
    unknown_field_in_values_text: str
    copied_field: str
    last_update: bool
    missing_on_write: str
    missing_on_write_with_rules: str
    missing_on_unlink: bool
    required_restricts: bool
    unlink_rights_first: bool
    missing_names_record: bool
    users_from_panel: bool
    constraint_prefix: bool
    constraint_names: bool
    not_null_text: str
    foreign_key_text: str
    driver_quotes_end: bool
    bare_model_name: str
    datetime_cut: bool
    many2one_list_empties: bool
    x2many_takes_ids: bool
    unchecked_dates: str
    lang_checked: bool
    log_fields_readonly: bool
    display_name_searchable: bool
    stored_is_sortable: bool
    not_described: tuple[str, ...]
    negation_takes_null: bool
    empty_is_null: bool
    zero_in_list_is_null: bool
    domain_sets: bool
    any: bool
    not_equal_like: bool
    path_negation: bool
    domain_errors: DomainErrors
    order_text_shows_value: bool
    order_unknown_field: str
    order_nulls: bool
    order_needs_column: bool
    user_timezone_dates: bool
    hierarchy_sees_archived: bool
    refusals: Refusals
    restricted_fields_searched: bool
    group_choice_fields: bool
    passwords_are_stars: bool
    companies_in_context: bool
    group_functions: bool
    group_by_many2many: bool
    group_defaults: bool
    group_total_has_id: bool
    group_offset_needs_limit: bool
    group_domain_first: bool
    group_ranges: str | None
    group_unknown_field: str
    group_weeks: bool
    flat_domains: bool
    export_needs_group: bool
    export_texts: bool
    export_empty_selection: bool | str
    export_empty_relation: bool | str
    load_details: bool
    metadata_lists_xmlids: bool
    aggregator: str
    content_field: str
    file_name_field: str
    nameless_file: str
    unique_seconds: int
    files_inline: bool
    empty_attachment_is_file: bool
    upload_needs_callback: bool
    report_needs_token: bool


@cache
def rules(generation: int) -> Rules:
    """The rules of a generation, such as 17."""
    return Rules(generation, **{feature.name: feature.at(generation) for feature in FEATURES})


def offered(generation: int, since: int, until: int) -> bool:
    """Whether what exists from one generation to another exists in this one."""
    return since <= generation <= until


def overlap(since: int, until: int, other_since: int, other_until: int) -> bool:
    """Whether two spans of generations have one in common."""
    return since <= other_until and other_since <= until
