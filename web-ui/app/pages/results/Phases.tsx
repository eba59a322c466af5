// SPDX-License-Identifier: GPL-3.0-or-later
// Which phase is looked at: each keeps its results when the next one begins.
import { formatDate, formatPercent, t } from '../../lib/i18n';
import { navigate, usePath } from '../../lib/router';
import { SelectField } from '../../ui/Field';
import type { Campaign, Phase } from '../campaigns/campaign';

/* The number in the address (?phase=1), where the campaign has such a phase; else the newest. */
export function useShownPhase(campaign: Campaign): Phase | undefined {
    const wanted = Number(usePath().search.get('phase'));
    const { phases } = campaign;
    return phases.find(({ number }) => number === wanted) ?? phases[phases.length - 1];
}

const show = (number: number, newest: number) =>
    navigate(location.pathname + (number === newest ? '' : `?phase=${number}`), { replace: true });

function labelOf(phase: Phase, names: Record<string, string>): string {
    const begin = formatDate(phase.started_at);
    const weights = phase.variants.map(({ key, weight }) => `${names[key] ?? key} ${formatPercent(weight, 0)}`);
    const values = { number: phase.number, begin, weights: weights.join(', ') };
    return phase.ended_at
        ? t('results.phase.ended', { ...values, end: formatDate(phase.ended_at) })
        : t('results.phase.running', values);
}

interface PhaseSwitchProps {
    phases: Phase[];
    shown: Phase;
    names: Record<string, string>;
}

/* Nothing, while there is one phase. */
export function PhaseSwitch({ phases, shown, names }: PhaseSwitchProps) {
    const newest = phases.length;
    if (newest < 2) return null;
    const options = [...phases]
        .reverse()
        .map((phase) => ({ value: String(phase.number), label: labelOf(phase, names) }));
    return (
        <div class="stack-small">
            <SelectField
                label={t('results.phase')}
                value={String(shown.number)}
                options={options}
                onValue={(value) => show(Number(value), newest)}
            />
            {shown.number !== newest && <p class="note">{t('results.phase.earlier', { number: shown.number })}</p>}
        </div>
    );
}
