// SPDX-License-Identifier: GPL-3.0-or-later
// Step 1: what do you want to learn?
import { t } from '../../../lib/i18n';
import { KIND_RULES } from '../../../lib/kinds';
import { AreaField, TextField } from '../../../ui/Field';
import type { StepProps } from '../state/steps';
import { faultAt } from '../state/editing';
import { Labels } from './Labels';
import { Metrics } from './Metrics';
import { NumberField } from '../../../ui/NumberField';

export function Question({ editing }: StepProps) {
    const { campaign, faults, set } = editing;
    const { needsMetric: isTest } = KIND_RULES[campaign.kind];
    return (
        <>
            <div class="card stack">
                <h2>{t('editor.question.title')}</h2>
                <TextField
                    label={t('editor.name')}
                    value={campaign.name}
                    error={faultAt(faults, '/name')}
                    onValue={(name) => set({ name })}
                />
                <AreaField
                    label={t('editor.hypothesis')}
                    hint={t('editor.hypothesis.hint')}
                    rows={3}
                    value={campaign.hypothesis}
                    error={faultAt(faults, '/hypothesis')}
                    onValue={(hypothesis) => set({ hypothesis })}
                />
                <Labels editing={editing} />
            </div>
            <Metrics editing={editing} />
            {isTest && (
                <div class="card stack">
                    <h2>{t('editor.minimum.title')}</h2>
                    <p class="soft">{t('editor.minimum.text')}</p>
                    <div class="narrow">
                        <NumberField
                            label={t('editor.minimum')}
                            isPercent
                            value={campaign.statistics.minimum_uplift}
                            error={faultAt(faults, '/statistics/minimum_uplift')}
                            onValue={(value) =>
                                set({ statistics: { ...campaign.statistics, minimum_uplift: value ?? 0 } })
                            }
                        />
                    </div>
                </div>
            )}
        </>
    );
}
