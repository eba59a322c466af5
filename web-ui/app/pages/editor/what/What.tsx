// SPDX-License-Identifier: GPL-3.0-or-later
// Step 3: what each variant shows, and how visitors are shared among them.
import { useState } from 'preact/hooks';
import { t } from '../../../lib/i18n';
import { KIND_RULES } from '../../../lib/kinds';
import { useQuery } from '../../../lib/query';
import { Button } from '../../../ui/Button';
import type { Variant } from '../state/document';
import type { StepProps } from '../state/steps';
import { faultAt } from '../state/editing';
import type { Flag } from './FlagValues';
import { NewFlag } from './NewFlag';
import { VariantCard } from './VariantCard';
import { evenWeights, normalised } from './shares';
import { Weights } from './Weights';
import { Complaint } from '../../../ui/parts';

const LETTERS = 'bcdefghijklmnopqrstuvwxyz';

function added(variants: Variant[]): Variant[] {
    const letter =
        [...LETTERS].find((one) => !variants.some(({ key }) => key === `variant_${one}`)) ?? String(variants.length);
    const isFirst = variants.length === 0;
    const next: Variant = {
        key: isFirst ? 'control' : `variant_${letter}`,
        name: isFirst ? t('editor.variant.control') : t('editor.variant.letter', { letter: letter.toUpperCase() }),
        weight: 0,
        is_control: isFirst,
        flags: {},
        changes: [],
    };
    const weights = evenWeights(variants.length + 1);
    return [...variants, next].map((variant, i) => ({ ...variant, weight: weights[i] ?? 0 }));
}

function without(variants: Variant[], index: number): Variant[] {
    const left = variants.filter((_, i) => i !== index);
    const weights = normalised(left.map(({ weight }) => weight));
    const hasControl = left.some(({ is_control }) => is_control);
    return left.map((variant, i) => ({
        ...variant,
        weight: weights[i] ?? 0,
        is_control: variant.is_control || (!hasControl && i === 0),
    }));
}

export function What({ editing }: StepProps) {
    const { campaign, faults, set } = editing;
    const flags = useQuery<{ items: Flag[] }>('/flags?limit=500');
    const [isNaming, setNaming] = useState(false);
    const put = (index: number, next: Variant) =>
        set({ variants: campaign.variants.map((one, i) => (i === index ? next : one)) });
    const setControl = (index: number) =>
        set({ variants: campaign.variants.map((one, i) => ({ ...one, is_control: i === index })) });
    const general = faultAt(faults, '/variants');
    const canAdd = campaign.variants.length < KIND_RULES[campaign.kind].mostVariants;
    return (
        <>
            <div class="card stack">
                <h2>{t('editor.what.title')}</h2>
                <p class="soft">{t('editor.what.text')}</p>
                {campaign.variants.length > 0 && (
                    <Weights variants={campaign.variants} onVariants={(variants) => set({ variants })} />
                )}
                {general && <Complaint text={general} />}
            </div>
            {campaign.variants.map((variant, i) => (
                <VariantCard
                    key={i}
                    index={i}
                    variant={variant}
                    flags={flags.data?.items ?? []}
                    faults={faults}
                    onVariant={(next) => put(i, next)}
                    onControl={() => setControl(i)}
                    onNewFlag={() => setNaming(true)}
                    onRemove={
                        campaign.variants.length > 1
                            ? () => set({ variants: without(campaign.variants, i) })
                            : undefined
                    }
                />
            ))}
            {canAdd && (
                <div>
                    <Button onClick={() => set({ variants: added(campaign.variants) })}>
                        {t('editor.variant.add')}
                    </Button>
                </div>
            )}
            {isNaming && <NewFlag onClose={() => setNaming(false)} onMade={flags.reload} />}
        </>
    );
}
