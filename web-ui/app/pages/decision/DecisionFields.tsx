// SPDX-License-Identifier: GPL-3.0-or-later
import { t } from '../../lib/i18n';
import { AreaField, SelectField } from '../../ui/Field';
import { nameOf, OUTCOMES, type Draft, type NamedVariant } from './decision';

interface DecisionFieldsProps {
    variants: NamedVariant[];
    draft: Draft;
    onDraft: (draft: Draft) => void;
}

/* The control cannot win. */
export function DecisionFields({ variants, draft, onDraft }: DecisionFieldsProps) {
    const outcomes = [
        { value: '', label: t('decision.outcome.none') },
        ...OUTCOMES.map((value) => ({ value, label: t(`decision.${value}`) })),
    ];
    const treatments = variants.filter((variant) => !variant.is_control);
    const arms = [
        ...(draft.outcome === 'won' ? [] : [{ value: '', label: t('decision.variant.none') }]),
        ...treatments.map((variant) => ({ value: variant.key, label: nameOf(variant) })),
    ];
    const choose = (value: string) => {
        const outcome = value as Draft['outcome'];
        const isMissing = outcome === 'won' && draft.variant === '';
        onDraft({ ...draft, outcome, variant: isMissing ? (treatments[0]?.key ?? '') : draft.variant });
    };
    return (
        <div class="stack">
            <SelectField label={t('decision.outcome')} value={draft.outcome} options={outcomes} onValue={choose} />
            {draft.outcome !== '' && (
                <>
                    <SelectField
                        label={t('decision.variant')}
                        value={draft.variant}
                        options={arms}
                        onValue={(variant) => onDraft({ ...draft, variant })}
                    />
                    <AreaField
                        label={t('decision.learnings')}
                        value={draft.learnings}
                        onValue={(learnings) => onDraft({ ...draft, learnings })}
                    />
                </>
            )}
        </div>
    );
}
