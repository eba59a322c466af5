// SPDX-License-Identifier: GPL-3.0-or-later
// The beginning: one question, a name, and a kind. Then the guided path.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { KIND_RULES, KINDS, type Kind } from '../../lib/kinds';
import { useQuery } from '../../lib/query';
import { navigate } from '../../lib/router';
import { Button, ButtonLink } from '../../ui/Button';
import { ErrorNote } from '../../ui/feedback';
import { SelectField, TextField } from '../../ui/Field';
import { Page } from '../../ui/parts';
import type { Campaign } from './state/document';
import { keyOf } from './state/keyOf';

const variant = (key: string, name: string, weight: number, is_control: boolean) => ({
    key,
    name,
    weight,
    is_control,
    flags: {},
    changes: [],
});

/* What each kind begins with. */
const FIRST_VARIANTS: Record<Kind, () => ReturnType<typeof variant>[]> = {
    experiment: () => [
        variant('control', t('editor.variant.control'), 0.5, true),
        variant('variant_b', t('editor.variant.letter', { letter: 'B' }), 0.5, false),
    ],
    rollout: () => [variant('on', t('editor.variant.on'), 1, false)],
    holdout: () => [
        variant('out', t('editor.variant.out'), 0.05, true),
        variant('in', t('editor.variant.in'), 0.95, false),
    ],
};

/* The goal that most choose, which every environment has: what compares with a control begins with it. */
const FIRST_GOAL = { key: 'conversion_rate', role: 'primary' };

const firstMetrics = (kind: Kind) => (KIND_RULES[kind].needsControl ? [FIRST_GOAL] : []);

function KindChoice({ kind, onKind }: { kind: Kind; onKind: (kind: Kind) => void }) {
    return (
        <fieldset class="kinds">
            <legend class="label">{t('editor.kind')}</legend>
            {KINDS.map((one) => (
                <label key={one} class="kind">
                    <input type="radio" name="kind" checked={kind === one} onChange={() => onKind(one)} />
                    <span>
                        <span class="strong">{t(`campaigns.kind.${one}`)}</span>
                        <span class="small soft">{t(`editor.kind.${one}`)}</span>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}

/* An earlier campaign to begin with, where there is one. */
function Template({ template, onTemplate }: { template: string; onTemplate: (key: string) => void }) {
    const earlier = useQuery<{ items: Campaign[] }>('/campaigns?limit=500').data?.items ?? [];
    if (earlier.length === 0) return null;
    return (
        <SelectField
            label={t('editor.new.template')}
            hint={t('editor.new.template.hint')}
            value={template}
            options={[
                { value: '', label: t('editor.new.template.none') },
                ...earlier.map((one) => ({ value: one.key, label: one.name || one.key })),
            ]}
            onValue={onTemplate}
        />
    );
}

/* A copy of the earlier one, or what a campaign of the kind begins with. */
function begin(template: string, key: string, name: string, kind: Kind): Promise<unknown> {
    if (template) return change('POST', `/campaigns/${encodeURIComponent(template)}/copy`, { key, name });
    const body = { key, name, kind, metrics: firstMetrics(kind), variants: FIRST_VARIANTS[kind]() };
    return change('POST', '/campaigns', body);
}

export default function NewCampaign() {
    const [name, setName] = useState('');
    const [ownKey, setOwnKey] = useState<string | null>(null);
    const [kind, setKind] = useState<Kind>('experiment');
    const [template, setTemplate] = useState('');
    const [error, setError] = useState<ApiError | null>(null);
    const [lacks, setLacks] = useState(false);
    const key = ownKey ?? keyOf(name);
    const at = (pointer: string) => (error?.pointer === pointer ? error.message : undefined);
    const make = async () => {
        setLacks(name.trim() === '');
        setError(null);
        if (name.trim() === '') return;
        try {
            await begin(template, key, name, kind);
            navigate(`/app/campaigns/${encodeURIComponent(key)}/setup`);
        } catch (cause) {
            setError(cause as ApiError);
        }
    };
    const onSubmit = (event: Event) => {
        event.preventDefault();
        void make();
    };
    const isElsewhere = error !== null && !['/name', '/key'].includes(error.pointer);
    return (
        <Page title={t('campaigns.new')} isNarrow>
            <form class="card stack" onSubmit={onSubmit} noValidate>
                <TextField
                    label={t('editor.new.name')}
                    hint={t('editor.new.name.hint')}
                    value={name}
                    error={lacks ? t('error.required') : at('/name')}
                    onValue={setName}
                />
                <TextField
                    label={t('editor.key')}
                    hint={t('editor.key.hint')}
                    value={key}
                    error={at('/key')}
                    onValue={setOwnKey}
                />
                <Template template={template} onTemplate={setTemplate} />
                {!template && <KindChoice kind={kind} onKind={setKind} />}
                {isElsewhere && <ErrorNote error={error} />}
                <div class="row spread">
                    <ButtonLink to="/app/campaigns">{t('action.cancel')}</ButtonLink>
                    <Button look="primary" type="submit">
                        {t('editor.new.go')}
                    </Button>
                </div>
            </form>
        </Page>
    );
}
