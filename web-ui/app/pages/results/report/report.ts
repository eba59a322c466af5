// SPDX-License-Identifier: GPL-3.0-or-later
// What a report begins with, whatever it leaves the page as: what it is of, from when to when, and the verdict.
import type { Results } from '../../../../generated/results';
import { formatDate, formatNumber, t } from '../../../lib/i18n';
import { UNKNOWN } from '../format';
import { sayVerdict } from '../say';

export interface ReportHead {
    title: string;
    dates: string;
    answer: string;
    verdict: string;
}

function datesOf(results: Results): string {
    const day = (time: string | null, open: string) => (time ? formatDate(time) : open);
    return t('report.dates', {
        phase: results.phase,
        begin: day(results.started_at, UNKNOWN),
        end: day(results.ended_at, t('report.open')),
        units: formatNumber(results.verdict.units),
        time: formatDate(results.as_of, 'time'),
    });
}

/* 'results' as they came, not in words. */
export const reportHead = (results: Results, names: Record<string, string>): ReportHead => ({
    title: results.name || results.campaign,
    dates: datesOf(results),
    answer: t(`results.verdict.${results.verdict.answer}`),
    verdict: sayVerdict(results, names),
});
