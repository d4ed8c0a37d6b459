"""What public integrations ask of business models: fields they read and methods they call besides those of the ORM.

A line a model: `model@version: fields | methods`.  A version is 17 where none is named; it is one that has the name.
"""

from __future__ import annotations

ASKED = """\
account.account:
account.analytic.account:
account.analytic.line: account_id amount company_id date employee_id name partner_id project_id so_line task_id
  unit_amount user_id | read_group
account.invoice@12: amount_total date_invoice number partner_id state type
account.invoice.line@12:
account.invoice.tax@12:
account.journal: default_account_id type
account.move: amount_residual amount_residual_signed amount_tax amount_total amount_total_signed amount_untaxed
  amount_untaxed_signed company_id currency_id date invoice_date invoice_date_due invoice_origin
  invoice_payment_term_id invoice_user_id journal_id move_type name partner_id payment_state ref state | read_group
account.move.line: account_id amount_residual date date_maturity parent_state partner_id reconciled
account.payment:
account.payment.register:
account.tax:
account.tax.group:
base.automation: name
base.language.install: lang_ids overwrite
base.module.update:
base.module.upgrade:
calendar.event:
crm.lead: active campaign_id company_currency company_id create_date date_closed date_deadline date_last_stage_update
  email_from expected_revenue name partner_id partner_name phone priority probability stage_id tag_ids team_id type
  user_id | get_views
crm.stage:
crm.tag: color name
crm.team:
fetchmail.server:
helpdesk.stage:
helpdesk.team:
helpdesk.ticket:
hr.attendance:
hr.department:
hr.employee: department_id | name_search read_group
hr.job:
hr.leave: date_from date_to department_id employee_id holiday_status_id number_of_days state
hr.leave.report.calendar: start_datetime stop_datetime
ir.actions.act_window: name res_model type view_mode | check_access_rights
ir.actions.actions:
ir.actions.report: model model_id name report_name report_type | check_access_rights
ir.actions.server: code model_id name state | check_access_rights
ir.asset:
ir.attachment: checksum create_date datas file_size index_content mimetype name public res_field res_id res_model type
  url | check_access_rights
ir.config_parameter: key value | check_access_rights get_param
ir.cron: active interval_number interval_type ir_actions_server_id model_id name user_id | check_access_rights
ir.default:
ir.mail_server:
ir.model: abstract@19 info is_mail_activity is_mail_blacklist is_mail_thread is_mail_thread_sms model modules name
  state transient | check_access_rights
ir.model.access: group_id model_id name perm_create perm_read perm_unlink perm_write | check_access_rights
ir.model.data: model module name res_id | check_object_reference
ir.model.fields: field_description model model_id name readonly state store ttype | check_access_rights
ir.module.category:
ir.module.module: application auto_install category_id create_date demo description description_html display_name
  has_iap icon_flag icon_image installed_version latest_version maintainer module_type name published_version
  reports_by_module sequence shortdesc state summary url website write_date | button_immediate_install
  button_immediate_uninstall button_immediate_upgrade update_list
ir.module.module.dependency: auto_install_required create_date create_uid display_name module_id name write_date
  write_uid | default_get
ir.rule: active domain_force global groups model_id name perm_create perm_read perm_unlink perm_write |
  check_access_rights
ir.sequence: code name padding prefix | check_access_rights
ir.ui.menu: name parent_id | check_access_rights
ir.ui.view: active arch_db inherit_id model name priority | check_access_rights
mail.activity: activity_type_id res_id res_model_id res_name summary
mail.activity.mixin:
mail.activity.type: name
mail.alias:
mail.compose.message:
mail.followers:
mail.mail:
mail.message: author_id body date email_from message_type model res_id subject subtype_id
mail.message.subtype: name
mail.notification:
mail.template: model_id name
mail.thread:
mail.tracking.value:
note.note@16: memo
product.attribute.value:
product.category:  | name_search
product.pricelist:  | name_search
product.product: default_code is_storable@19 name qty_available type virtual_available
product.template: active categ_id company_id default_code description_picking description_pickingin
  description_pickingout description_sale has_configurable_attributes list_price name priority purchase_line_warn
  purchase_line_warn_msg purchase_method purchase_ok sale_delay sale_line_warn sale_line_warn_msg sale_ok sequence
  service_type tracking type volume
project.milestone: deadline is_reached name project_id
project.project: account_id@19 active allocated_hours allow_timesheets analytic_account_id color company_id date
  date_start description last_update_status name partner_id privacy_visibility sequence stage_id tag_ids task_count
  user_id write_date
project.tags: color name
project.task: active allocated_hours create_date date_deadline date_end description effective_hours name parent_id
  partner_id priority project_id stage_id tag_ids user_ids
project.task.type: fold name project_ids sequence
purchase.order: amount_total create_date currency_id date_planned name partner_id receipt_status state
purchase.order.line:
report.paperformat: format name | check_access_rights
res.company: account_check_printing_margin_right account_check_printing_margin_top anglo_saxon_accounting
  catchall_formatted company_details email_formatted email_primary_color invoice_terms_html logo max_tax_lock_date
  message_needaction_counter name po_double_validation_amount po_lock portal_confirmation_pay portal_confirmation_sign
  primary_color report_header snailmail_color snailmail_duplex social_instagram social_linkedin social_youtube
  tax_lock_date terms_type | name_search
res.config.settings: group_project_stages group_uom | set_values
res.country: address_format address_view_id code country_group_codes@19 currency_id display_name image_url name
  name_position phone_code state_ids state_required vat_label zip_required | name_search
res.country.state: name | name_search
res.currency:  | name_search
res.groups: comment full_name implied_ids name | check_access_rights get_external_id
res.lang: active code iso_code
res.partner: active additional_info barcode category_id child_ids city company_id complete_name country_id
  customer_rank date email is_company lang mobile name parent_id phone ref street supplier_rank type user_id vat zip |
  export_data load name_search read_group
res.partner.bank:
res.partner.category:
res.users: active all_group_ids@19 application_statistics@19 company_id company_ids company_name email
  emergency_contact group_ids@19 groups_id is_coa_installed km_home_work lang last_time_entries_checked login
  meeting_count name on_time_rate opportunity_count partner_id password receipt_reminder_email share show_credit_limit
  tz | context_get has_group name_search
res.users.apikeys:
res.users.apikeys.description:
res.users.apikeys.show:
sale.order: access_token amount_total analytic_account_id campaign_id client_order_ref commitment_date company_id
  create_date currency_id currency_rate date_order delivery_status effective_date incoterm_location invoice_status
  journal_id name origin partner_id payment_term_id picking_policy reference state team_id validity_date |
  action_confirm get_views read_group
sale.order.line: order_id price_subtotal product_id | read_group
stock.location:
stock.move: date product_id state | read_group
stock.picking:
stock.quant:
stock.warehouse:
uom.category:
uom.uom:  | name_search
"""

# a line for each method: `method: model@version …`
METHODS = """\
action_apply_inventory: stock.quant
action_approve: hr.leave
action_cancel: sale.order stock.picking account.payment
action_confirm: sale.order stock.picking
action_create_payments: account.payment.register
action_done: mail.activity stock.picking@12 sale.order@16
action_draft: sale.order hr.leave account.payment
action_post: account.move account.payment
action_quotation_send: sale.order
action_set_lost: crm.lead
action_set_won: crm.lead
activity_schedule: crm.lead
button_confirm: purchase.order
button_draft: account.move purchase.order
button_immediate_install: ir.module.module
button_immediate_uninstall: ir.module.module
button_immediate_upgrade: ir.module.module
button_validate: stock.picking
clear_caches: ir.module.module@16
create_invoices: sale.advance.payment.inv
execute: res.config.settings
fields_view_get: res.partner@14
get_view: res.partner
get_views: res.partner
lang_install: base.language.install
load_menus: ir.ui.menu ir.ui.menu@12
load_views: res.partner@14
message_post: res.partner crm.lead
message_subscribe: res.partner
method_direct_trigger: ir.cron
send_mail: mail.template
set_values: res.config.settings
update_list: ir.module.module
update_module: base.module.update
"""
