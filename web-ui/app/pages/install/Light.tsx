// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the real site speaks: green with its first event.
import { formatAgo, formatDate, t } from '../../lib/i18n';
import type { Install, Seen } from './state';

const DAY_MS = 86_400_000;

function Ago({ seen }: { seen: Seen }) {
    return (
        <time dateTime={seen.at} title={formatDate(seen.at, 'time')}>
            {formatAgo(seen.at)}
        </time>
    );
}

const isFresh = (seen: Seen): boolean => Date.now() - new Date(seen.at).getTime() < DAY_MS;

function Line({ seen, empty, label }: { seen: Seen | null; empty: string; label: string }) {
    if (!seen) return <p class="soft">{empty}</p>;
    return (
        <p>
            {label} <span class="mono">{seen.name}</span>, <Ago seen={seen} />
        </p>
    );
}

export function Light({ install }: { install: Install }) {
    const { last_event, last_exposure, last_goal, goal_events } = install;
    const state = !last_event ? 'dark' : isFresh(last_event) ? 'green' : 'amber';
    return (
        <section class="card stack-small" aria-label={t('install.light')}>
            <div class="light-line" role="status">
                <span class={`light light-${state}`} aria-hidden="true" />
                <h2>{t(`install.light.${state}`)}</h2>
            </div>
            {last_event ? (
                <>
                    <Line seen={last_event} label={t('install.lastEvent')} empty="" />
                    <Line seen={last_exposure} label={t('install.lastExposure')} empty={t('install.noExposure')} />
                    <Line
                        seen={last_goal}
                        label={t('install.lastGoal')}
                        empty={t('install.noGoal', { names: goal_events.join(', ') })}
                    />
                </>
            ) : (
                <p class="soft">{t('install.light.wait')}</p>
            )}
            <p class="small soft">{t('install.light.not')}</p>
        </section>
    );
}
