// SPDX-License-Identifier: GPL-3.0-or-later
// What it is measured by: the goal that decides, what else is watched, what must not be harmed.
import { metricName, metricText } from '../../../lib/builtIn';
import { useState } from 'preact/hooks';
import { t } from '../../../lib/i18n';
import { useQuery } from '../../../lib/query';
import { Button } from '../../../ui/Button';
import { SelectField } from '../../../ui/Field';
import { Loaded } from '../../../ui/feedback';
import { isHere, takePicked } from '../../picked/waiting';
import { NewGoal } from './NewGoal';
import type { MetricMember } from '../state/document';
import { faultAt, type Editing } from '../state/editing';
import { NumberField } from '../../../ui/NumberField';
import { Complaint } from '../../../ui/parts';

export interface Metric {
    key: string;
    name: string;
    kind: string;
    description: string;
    unit: string | null;
    direction: string;
}

const ROLES = ['primary', 'secondary', 'guardrail'] as const;

function Row({ editing, index, metrics }: { editing: Editing; index: number; metrics: Metric[] }) {
    const { campaign, faults, set } = editing;
    const member = campaign.metrics[index] as MetricMember;
    const found = metrics.find(({ key }) => key === member.key);
    const put = (next: Partial<MetricMember>) =>
        set({ metrics: campaign.metrics.map((one, i) => (i === index ? { ...one, ...next } : one)) });
    const free = metrics.filter(({ key }) => key === member.key || !campaign.metrics.some((one) => one.key === key));
    return (
        <li class="metric-row">
            <SelectField
                label={t('editor.metric')}
                value={member.key}
                hint={found && metricText(found)}
                error={faultAt(faults, `/metrics/${index}/key`)}
                options={free.map(({ key, name }) => ({ value: key, label: metricName({ key, name }) }))}
                onValue={(key) => put({ key })}
            />
            <SelectField
                label={t('editor.metric.role')}
                value={member.role}
                error={faultAt(faults, `/metrics/${index}/role`)}
                options={ROLES.map((role) => ({ value: role, label: t(`editor.metric.role.${role}`) }))}
                onValue={(role) => put({ role: role as MetricMember['role'] })}
            />
            {member.role === 'guardrail' && (
                <NumberField
                    label={t('editor.metric.margin')}
                    isPercent
                    value={member.margin ?? 0.02}
                    error={faultAt(faults, `/metrics/${index}/margin`)}
                    onValue={(margin) => put({ margin })}
                />
            )}
            <Button
                look="quiet"
                aria-label={t('editor.metric.remove', { name: found ? metricName(found) : member.key })}
                onClick={() => set({ metrics: campaign.metrics.filter((_, i) => i !== index) })}
            >
                ×
            </Button>
        </li>
    );
}

export function Metrics({ editing }: { editing: Editing }) {
    const { campaign, faults, set } = editing;
    const query = useQuery<{ items: Metric[] }>('/metrics?limit=500');
    const [begin] = useState(() => takePicked(isHere));
    const [isMaking, setMaking] = useState(begin !== null);
    const hasGoal = campaign.metrics.some(({ role }) => role === 'primary');
    const take = (key: string) =>
        set({ metrics: [...campaign.metrics, { key, role: hasGoal ? 'secondary' : 'primary', margin: 0.02 }] });
    const add = (metrics: Metric[]) => {
        const next = metrics.find(({ key }) => !campaign.metrics.some((one) => one.key === key));
        if (next) take(next.key);
    };
    const onMade = async (key: string) => {
        await query.reload();
        take(key);
    };
    const general = faultAt(faults, '/metrics');
    return (
        <div class="card stack">
            <h2>{t('editor.metrics.title')}</h2>
            <p class="soft">{t('editor.metrics.text')}</p>
            <Loaded query={query} lines={3}>
                {({ items }) => (
                    <>
                        <ul class="stack">
                            {campaign.metrics.map((member, i) => (
                                <Row key={member.key} editing={editing} index={i} metrics={items} />
                            ))}
                        </ul>
                        {general && <Complaint text={general} />}
                        <div class="row">
                            <Button disabled={campaign.metrics.length >= items.length} onClick={() => add(items)}>
                                {t(campaign.metrics.length === 0 ? 'editor.metrics.addGoal' : 'editor.metrics.add')}
                            </Button>
                            <Button onClick={() => setMaking(true)}>{t('editor.goal.new')}</Button>
                        </div>
                    </>
                )}
            </Loaded>
            {isMaking && <NewGoal path={editing.path} begin={begin} onClose={() => setMaking(false)} onMade={onMade} />}
        </div>
    );
}
