// SPDX-License-Identifier: GPL-3.0-or-later
// Step 4: how much of the traffic, apart from whom, when, and how long it will take.
import { t } from '../../../lib/i18n';
import { KIND_RULES } from '../../../lib/kinds';
import { useQuery } from '../../../lib/query';
import { CheckField, SelectField, TextField } from '../../../ui/Field';
import type { StepProps } from '../state/steps';
import { faultAt, type Editing } from '../state/editing';
import { Forecast } from './Forecast';
import { fromLocal, toLocal } from '../../../lib/localTime';
import { NumberField } from '../../../ui/NumberField';

interface Layer {
    key: string;
    name: string;
    free: number;
}

function Coverage({ editing }: { editing: Editing }) {
    const { campaign, faults, set } = editing;
    return (
        <div class="coverage">
            <input
                type="range"
                min={0}
                max={100}
                step={1}
                value={Math.round(campaign.coverage * 100)}
                aria-label={t('editor.coverage.slider')}
                onInput={(e) => set({ coverage: Number(e.currentTarget.value) / 100 })}
            />
            <NumberField
                label={t('editor.coverage')}
                isPercent
                value={campaign.coverage}
                error={faultAt(faults, '/coverage')}
                onValue={(value) => set({ coverage: value ?? 0 })}
            />
        </div>
    );
}

/* Apart from which other campaigns, and before which. */
function Among({ editing }: { editing: Editing }) {
    const { campaign, faults, set } = editing;
    const layers = useQuery<{ items: Layer[] }>('/layers?limit=500');
    const options = [
        { value: '', label: t('editor.layer.none') },
        ...(layers.data?.items ?? []).map(({ key, name }) => ({ value: key, label: name || key })),
    ];
    const layer = layers.data?.items.find(({ key }) => key === campaign.layer?.key);
    return (
        <div class="columns">
            <SelectField
                label={t('editor.layer')}
                hint={t('editor.layer.hint')}
                value={campaign.layer?.key ?? ''}
                options={options}
                error={faultAt(faults, '/layer') ?? faultAt(faults, '/layer/key')}
                onValue={(key) => set({ layer: key ? { key, share: campaign.layer?.share ?? 1 } : null })}
            />
            {campaign.layer && (
                <NumberField
                    label={t('editor.layer.share')}
                    isPercent
                    value={campaign.layer.share}
                    error={faultAt(faults, '/layer/share')}
                    hint={layer && t('editor.layer.free', { share: Math.round(layer.free * 100) })}
                    onValue={(share) => set({ layer: { key: campaign.layer?.key ?? '', share: share ?? 0 } })}
                />
            )}
            <NumberField
                label={t('editor.priority')}
                hint={t('editor.priority.hint')}
                isWhole
                value={campaign.priority}
                error={faultAt(faults, '/priority')}
                onValue={(value) => set({ priority: value ?? 0 })}
            />
        </div>
    );
}

function Traffic({ editing }: { editing: Editing }) {
    return (
        <div class="card stack">
            <h2>{t('editor.many.title')}</h2>
            <Coverage editing={editing} />
            <p class="small soft">{t('editor.coverage.hint')}</p>
            {KIND_RULES[editing.campaign.kind].canHaveLayer && <Among editing={editing} />}
            <p class="small soft">{t('editor.holdout.hint')}</p>
        </div>
    );
}

function Schedule({ editing }: { editing: Editing }) {
    const { campaign, faults, set } = editing;
    const schedule = campaign.schedule;
    const put = (field: 'start' | 'end', text: string) =>
        set({ schedule: { start: null, end: null, ...schedule, [field]: fromLocal(text) } });
    return (
        <div class="card stack">
            <h2>{t('editor.schedule.title')}</h2>
            <CheckField
                label={t('editor.schedule.has')}
                checked={schedule !== null}
                onValue={(has) => set({ schedule: has ? { start: null, end: null } : null })}
            />
            {schedule && (
                <div class="columns">
                    <TextField
                        type="datetime-local"
                        label={t('editor.schedule.start')}
                        value={toLocal(schedule.start)}
                        error={faultAt(faults, '/schedule/start')}
                        onValue={(text) => put('start', text)}
                    />
                    <TextField
                        type="datetime-local"
                        label={t('editor.schedule.end')}
                        value={toLocal(schedule.end)}
                        error={faultAt(faults, '/schedule/end')}
                        onValue={(text) => put('end', text)}
                    />
                </div>
            )}
        </div>
    );
}

export function HowMany({ editing }: StepProps) {
    return (
        <>
            <Traffic editing={editing} />
            {KIND_RULES[editing.campaign.kind].needsMetric && <Forecast editing={editing} />}
            <Schedule editing={editing} />
        </>
    );
}
