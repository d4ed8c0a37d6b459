"""The fields of res.partner on real servers, by profile; the base pack is held against them.

Recorded with `fields_get`: 17.0 with the business applications, Flectra 1.6 with accounting, sales and products,
15.0 with the CRM, 18.0 and 19.0 with messages and the like alone.
"""

from __future__ import annotations

COMMON = frozenset(
    """
    active activity_date_deadline activity_ids activity_state activity_summary activity_type_id activity_user_id
    bank_ids barcode category_id channel_ids child_ids city color comment commercial_company_name
    commercial_partner_id company_id company_name company_type contact_address country_id create_date create_uid
    display_name email email_formatted employee function id im_status industry_id is_company lang message_bounce
    message_follower_ids message_ids message_is_follower message_needaction message_needaction_counter
    message_partner_ids name parent_id parent_name partner_share phone property_product_pricelist ref self
    signup_type state_id street street2 type tz tz_offset user_id user_ids vat website website_message_ids
    write_date write_uid zip
    """.split()  # noqa: SIM905
)

# beside those in common
_MORE = {
    "flectra-1.6": """
    __last_update bank_account_count branch_id commercial_partner_country_id contract_ids contracts_count credit
    credit_limit currency_id customer date debit debit_limit has_unreconciled_entries image image_medium
    image_small invoice_ids invoice_warn invoice_warn_msg journal_item_count last_time_entries_checked
    message_channel_ids message_last_post message_unread message_unread_counter mobile opt_out
    payment_token_count payment_token_ids property_account_payable_id property_account_position_id
    property_account_receivable_id property_payment_term_id property_supplier_payment_term_id ref_company_ids
    sale_order_count sale_order_ids sale_warn sale_warn_msg signup_expiration signup_token signup_url
    signup_valid supplier team_id title total_invoiced trust
    """,
    "odoo-15.0": """
    __last_update active_lang_count activity_calendar_event_id activity_exception_decoration
    activity_exception_icon activity_type_icon additional_info avatar_1024 avatar_128 avatar_1920 avatar_256
    avatar_512 calendar_last_notif_ack country_code credit_limit date email_normalized has_message image_1024
    image_128 image_1920 image_256 image_512 is_blacklisted meeting_count meeting_ids message_attachment_count
    message_has_error message_has_error_counter message_has_sms_error message_main_attachment_id message_unread
    message_unread_counter mobile mobile_blacklisted my_activity_date_deadline opportunity_count opportunity_ids
    partner_gid partner_latitude partner_longitude phone_blacklisted phone_mobile_search phone_sanitized
    phone_sanitized_blacklisted same_vat_partner_id signup_expiration signup_token signup_url signup_valid
    team_id title
    """,
    "odoo-17.0": """
    active_lang_count activity_calendar_event_id activity_exception_decoration activity_exception_icon
    activity_type_icon additional_info avatar_1024 avatar_128 avatar_1920 avatar_256 avatar_512
    bank_account_count buyer_id calendar_last_notif_ack company_registry complete_name contact_address_inline
    contract_ids country_code credit credit_limit credit_to_invoice currency_id customer_rank date
    days_sales_outstanding debit debit_limit duplicated_bank_account_partners_count email_normalized
    employee_ids employees_count fiscal_country_codes has_message has_unreconciled_entries hide_peppol_fields
    image_1024 image_128 image_1920 image_256 image_512 invoice_ids invoice_warn invoice_warn_msg is_blacklisted
    is_coa_installed is_public journal_item_count last_time_entries_checked meeting_count meeting_ids
    message_attachment_count message_has_error message_has_error_counter message_has_sms_error mobile
    mobile_blacklisted my_activity_date_deadline on_time_rate opportunity_count opportunity_ids partner_gid
    partner_latitude partner_longitude payment_token_count payment_token_ids peppol_eas peppol_endpoint
    phone_blacklisted phone_mobile_search phone_sanitized phone_sanitized_blacklisted picking_warn
    picking_warn_msg project_ids property_account_payable_id property_account_position_id
    property_account_receivable_id property_payment_method_id property_payment_term_id
    property_purchase_currency_id property_stock_customer property_stock_supplier
    property_supplier_payment_term_id purchase_line_ids purchase_order_count purchase_warn purchase_warn_msg
    rating_ids receipt_reminder_email ref_company_ids reminder_date_before_receipt sale_order_count
    sale_order_ids sale_warn sale_warn_msg same_company_registry_partner_id same_vat_partner_id
    show_credit_limit signup_expiration signup_token signup_url signup_valid starred_message_ids
    supplier_invoice_count supplier_rank task_count task_ids team_id title total_invoiced trust ubl_cii_format
    use_partner_credit_limit
    """,
    "odoo-18.0": """
    active_lang_count activity_exception_decoration activity_exception_icon activity_type_icon additional_info
    avatar_1024 avatar_128 avatar_1920 avatar_256 avatar_512 company_registry company_registry_label
    complete_name contact_address_inline country_code email_normalized has_message image_1024 image_128
    image_1920 image_256 image_512 is_blacklisted is_public message_attachment_count message_has_error
    message_has_error_counter message_has_sms_error mobile mobile_blacklisted my_activity_date_deadline
    partner_gid partner_latitude partner_longitude phone_blacklisted phone_mobile_search phone_sanitized
    phone_sanitized_blacklisted same_company_registry_partner_id same_vat_partner_id
    specific_property_product_pricelist starred_message_ids title vat_label
    """,
    "odoo-19.0": """
    active_lang_count activity_exception_decoration activity_exception_icon activity_type_icon
    application_statistics avatar_1024 avatar_128 avatar_1920 avatar_256 avatar_512 channel_member_ids
    company_registry company_registry_label company_registry_placeholder complete_name contact_address_inline
    country_code email_normalized has_message image_1024 image_128 image_1920 image_256 image_512 is_blacklisted
    is_in_call is_public main_user_id message_attachment_count message_has_error message_has_error_counter
    message_has_sms_error my_activity_date_deadline offline_since partner_latitude partner_longitude
    phone_blacklisted phone_mobile_search phone_sanitized phone_sanitized_blacklisted properties
    properties_base_definition_id rtc_session_ids same_company_registry_partner_id same_vat_partner_id
    specific_property_product_pricelist type_address_label vat_label
    """,
}

FIELDS = {profile: COMMON | set(names.split()) for profile, names in _MORE.items()}

# fields of business applications: the base pack has them in generations whose recorded server did not
APPLICATIONS = frozenset(
    """
    activity_calendar_event_id bank_account_count buyer_id calendar_last_notif_ack contract_ids credit
    credit_limit credit_to_invoice currency_id customer_rank days_sales_outstanding debit debit_limit
    duplicated_bank_account_partners_count employee_ids employees_count fiscal_country_codes
    has_unreconciled_entries hide_peppol_fields invoice_ids invoice_warn invoice_warn_msg is_coa_installed
    journal_item_count last_time_entries_checked meeting_count meeting_ids on_time_rate opportunity_count
    opportunity_ids payment_token_count payment_token_ids peppol_eas peppol_endpoint picking_warn
    picking_warn_msg project_ids property_account_payable_id property_account_position_id
    property_account_receivable_id property_payment_method_id property_payment_term_id
    property_purchase_currency_id property_stock_customer property_stock_supplier
    property_supplier_payment_term_id purchase_line_ids purchase_order_count purchase_warn purchase_warn_msg
    rating_ids receipt_reminder_email ref_company_ids reminder_date_before_receipt sale_order_count
    sale_order_ids sale_warn sale_warn_msg show_credit_limit supplier_invoice_count supplier_rank task_count
    task_ids team_id total_invoiced trust ubl_cii_format use_partner_credit_limit
    """.split()  # noqa: SIM905
)
