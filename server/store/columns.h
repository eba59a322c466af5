// SPDX-License-Identifier: GPL-3.0-or-later
/* The tables that answers are read by, each beside the struct it fills. */
#pragma once

#include "io/pg/column.h"
#include "sql/queries.h"

extern const struct column account_changed_columns[];
extern const struct column account_columns[];
extern const struct column audience_columns[];
extern const struct column audit_trim_columns[];
extern const struct column backlog_columns[];
extern const struct column backup_day_columns[];
extern const struct column backup_sequence_columns[];
extern const struct column backup_table_columns[];
extern const struct column config_change_columns[];
extern const struct column config_columns[];
extern const struct column currency_rate_put_columns[];
extern const struct column distribution_target_columns[];
extern const struct column distribution_value_columns[];
extern const struct column environment_columns[];
extern const struct column environment_open_columns[];
extern const struct column fold_due_columns[];
extern const struct column fold_finish_columns[];
extern const struct column fold_step_columns[];
extern const struct column holder_columns[];
extern const struct column init_client_key_columns[];
extern const struct column init_login_link_columns[];
extern const struct column init_secret_key_columns[];
extern const struct column job_cancelled_columns[];
extern const struct column job_columns[];
extern const struct column job_progress_columns[];
extern const struct column job_view_columns[];
extern const struct column job_waiting_columns[];
extern const struct column look_columns[];
extern const struct column overlap_columns[];
extern const struct column since_exposure_columns[];
extern const struct column page_columns[];
extern const struct column partition_columns[];
extern const struct column plan_measure_columns[];
extern const struct column preview_campaign_columns[];
extern const struct column preview_draft_columns[];
extern const struct column prove_metric_columns[];
extern const struct column prove_unit_columns[];
extern const struct column restore_columns[];
extern const struct column results_columns[];
extern const struct column split_columns[];
extern const struct column schema_columns[];
extern const struct column second_factor_changed_columns[];
extern const struct column second_factor_reset_columns[];
extern const struct column sequence_columns[];
extern const struct column session_closed_columns[];
extern const struct column session_opened_columns[];
extern const struct column session_provided_columns[];
extern const struct column share_columns[];
extern const struct column slicing_columns[];
extern const struct column snapshot_document_columns[];
extern const struct column snapshot_version_columns[];
extern const struct column view_columns[];
extern const struct column visitor_event_columns[];
extern const struct column visitor_event_partition_columns[];
extern const struct column writer_columns[];
