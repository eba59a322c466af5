// SPDX-License-Identifier: GPL-3.0-or-later
// Statements on tables that are kept by slice name the slice of each of them, or stand below with the reason why not:
// a statement that forgets it would read, and lock, what lies with others.
import { isMain, readTree, report, root } from './tree.mjs';

const SLICED = [
    'visitor_event',
    'exposure',
    'outcome',
    'overflow',
    'cohort',
    'moment',
    'early_exposure',
    'fold_cursor',
    'late_event',
    'writer_head',
    'unread_head',
    'event_hour',
    'omission',
    'sweep',
    'gone_metric',
    'import_removal',
    'foreign_event',
    'rate_due',
    'excluded_visitor',
    'excluded_exposure',
    'exclusion_due',
];

const FOLDERS = /^sql\/(functions|views|queries)\/.*\.sql$/;

/* Functions, views and queries that add up or list all slices. */
const OVER_ALL = {
    fold_due: 'which slices have something to do',
    unread_from: 'a day, of one slice or of all',
    past_unread: 'rows for people and looks',
    environment_limit: 'each slice begins anew',
    sweep_due: 'which slices have something to go over',
    unread_head: 'for those who name the slice, and those who ask of all',
    is_unread: 'whether there is anything, anywhere',
    consumer_backlog: 'a number for people',
    unread_since: 'a time for people and looks',
    writer_lease: 'the last seq of a writer, in whatever slice',
    fold_finish: 'what every slice has done is done',
    since_exposure_of: 'goes through the slices, one after the other',
    export_exposed: 'a list, slice by slice',
    split_read: 'how many there are, over all slices',
    since_exposure_due: 'how many there are, over all slices',
    late_trim: 'forgets, row by row',
    early_trim: 'forgets, row by row',
    event_hour_trim: 'forgets, row by row',
    refusal_trim: 'forgets, row by row',
    foreign_trim: 'forgets, row by row',
    rebuild: 'deals the visitors of all slices out to steps',
    event_forget: 'whether a day is read in all slices',
    recent_visitors: 'a sample of all visitors',
    slicing_set: 'whether there is an event at all',
    look_due: 'adds up',
    look_close: 'adds up',
    distribution_target: 'adds up',
    overlap_target: 'adds up',
    overlap_others: 'adds up',
    distribution_values: 'lists a campaign',
    overlap_of: 'joins a campaign, slice with slice',
    import_variants: 'adds up',
    results_read: 'adds up',
    uplift_list: 'adds up',
    data_quality_read: 'adds up',
    refusal_list: 'adds up',
    currency_rate_list: 'adds up',
    rate_mark: 'each slice has to go over it',
    exclusion_limit: 'how many there are, over all slices',
    backlog_read: 'adds up',
    install_read: 'the newest of all',
    visitor_event_partition: 'makes tables',
    export_exposures: 'lists a campaign',
    export_outcomes: 'lists a campaign',
    export_events: 'lists a campaign',
    prove_units: 'lists a campaign',
    analyst: 'what people may read, who know no slices',
};

const withoutComments = (sql) => sql.replace(/--.*$/gm, '');

/* {name, text} of each function, view or query of a file. */
function partsOf({ path, text }) {
    const begin = path.startsWith('sql/queries/') ? /^-- name: (\w+)/gm : /^create (?:function|view) (\w+)/gm;
    const found = [...text.matchAll(begin)];
    return found.map((match, i) => ({ path, name: match[1], text: text.slice(match.index, found[i + 1]?.index) }));
}

/* How often tables are named that are kept by slice, and how often a slice is. */
function complaintsOf({ path, name, text }) {
    if (name in OVER_ALL) return [];
    const sql = withoutComments(text);
    const tables = SLICED.flatMap((table) => [
        ...sql.matchAll(new RegExp(`\\b(?:from|join|into|update|using) ${table}\\b(?!\\[)`, 'g')),
    ]);
    const slices = [...sql.matchAll(/\bslice\b(?= *(?:=|,))|the_slice\b/g)];
    return tables.length > slices.length
        ? [`${path}: ${name} names ${tables.length} tables that are kept by slice, and ${slices.length} slices`]
        : [];
}

export function checkSlices(folder) {
    const parts = readTree(folder, FOLDERS).flatMap(partsOf);
    const gone = Object.keys(OVER_ALL).filter((name) => parts.length > 0 && !parts.some((part) => part.name === name));
    return [...parts.flatMap(complaintsOf), ...gone.map((name) => `tests/shape/slices.mjs: there is no ${name}`)];
}

if (isMain(import.meta.url)) report('check_slices', checkSlices(process.argv[2] ?? root));
