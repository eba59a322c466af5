// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody should look at now, above the list: the most urgent first. Nothing where there is nothing.
import { t, type MessageKey } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { Badge, type Tone } from '../../ui/parts';
import type { Campaign } from './campaign';
import type { Standings } from './standing';

/* The words of the API, by urgency. */
const REASONS: { word: string; tone: Tone; message: MessageKey }[] = [
    { word: 'broken_split', tone: 'bad', message: 'attention.broken_split' },
    { word: 'guardrail_harmed', tone: 'bad', message: 'attention.guardrail_harmed' },
    { word: 'no_exposures', tone: 'warn', message: 'attention.no_exposures' },
    { word: 'ready', tone: 'good', message: 'attention.ready' },
    { word: 'schedule_ended', tone: 'warn', message: 'attention.schedule_ended' },
];

export function Attention({ campaigns, standings }: { campaigns: Campaign[]; standings: Standings }) {
    const rows = REASONS.flatMap(({ word, tone, message }) =>
        campaigns
            .filter(({ key }) => standings.get(key)?.attention.includes(word))
            .map((campaign) => ({ id: `${word}/${campaign.key}`, campaign, tone, message })),
    );
    if (rows.length === 0) return null;
    return (
        <section class="card stack-small attention" aria-label={t('attention.title')}>
            <h2>{t('attention.title')}</h2>
            <ul class="stack-small">
                {rows.map(({ id, campaign, tone, message }) => (
                    <li key={id} class="row">
                        <Badge tone={tone}>{t(message)}</Badge>
                        <Link to={`/app/campaigns/${encodeURIComponent(campaign.key)}/results`}>
                            {campaign.name || campaign.key}
                        </Link>
                        <span class="soft">{t(`${message}.text` as MessageKey)}</span>
                    </li>
                ))}
            </ul>
        </section>
    );
}
