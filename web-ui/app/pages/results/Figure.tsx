// SPDX-License-Identifier: GPL-3.0-or-later
// A number of visitors, with the list of them one click away.
import { formatNumber, t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import type { Phase } from '../campaigns/campaign';

/* 'which': the list's own parameters. */
export const exposedPath = (campaign: string, phase: Phase, which: string): string =>
    `/app/campaigns/${encodeURIComponent(campaign)}/visitors?phase=${phase.number}&${which}`;

/* 'to' null: there is no list. */
export function Figure({ count, to }: { count: number; to: string | null }) {
    const text = formatNumber(count);
    if (!to || count === 0) return <>{text}</>;
    return (
        <Link to={to} title={t('exposed.show')}>
            {text}
        </Link>
    );
}
