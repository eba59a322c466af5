// SPDX-License-Identifier: GPL-3.0-or-later
// What an event did to results, or why nothing, in words.
import type { CampaignEffect, Effect } from '../lib/effect';
import { t } from '../lib/i18n';
import { Link } from '../lib/router';

const NEUTRAL = ['known', 'crossover', 'no_metric'];

function toneOf({ what }: CampaignEffect): string {
    if (what === 'counted' || what === 'exposed') return 'good';
    return NEUTRAL.includes(what) ? 'soft' : 'warn';
}

function whatText({ what, metrics }: CampaignEffect): string {
    const text = t(`effect.what.${what}`);
    return metrics.length > 0 ? t('effect.metrics', { what: text, metrics: metrics.join(', ') }) : text;
}

const Unrated = ({ currency }: { currency: string | null }) =>
    currency ? <p class="effect small warn">{t('effect.unrated', { currency })}</p> : null;

export function EffectNote({ effect }: { effect: Effect }) {
    return (
        <>
            <What effect={effect} />
            <Unrated currency={effect.unrated} />
        </>
    );
}

function What({ effect }: { effect: Effect }) {
    if (effect.why)
        return (
            <p class={effect.why === 'pending' ? 'effect small soft' : 'effect small warn'}>
                {t(`effect.why.${effect.why}`)}
            </p>
        );
    return (
        <ul class="effect small">
            {effect.campaigns.map((one) => (
                <li key={`${one.campaign}/${one.phase}/${one.variant}/${one.what}`}>
                    <Link to={`/app/campaigns/${one.campaign}`}>{one.campaign}</Link>{' '}
                    <span class="soft">{one.variant}</span> <span class={toneOf(one)}>{whatText(one)}</span>
                </li>
            ))}
        </ul>
    );
}
