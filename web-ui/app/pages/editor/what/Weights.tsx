// SPDX-License-Identifier: GPL-3.0-or-later
// How visitors are shared: a bar to see it, a slider and a figure for each variant. They always add up.
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import type { Variant } from '../state/document';
import { NumberField } from '../../../ui/NumberField';
import { evenWeights, withWeight } from './shares';

export const colourOf = (variants: Variant[], index: number): string => {
    if (variants[index]?.is_control) return 'var(--series-control)';
    const place = variants.slice(0, index).filter(({ is_control }) => !is_control).length;
    return `var(--series-${(place % 4) + 1})`;
};

export function Weights({ variants, onVariants }: { variants: Variant[]; onVariants: (variants: Variant[]) => void }) {
    const weights = variants.map(({ weight }) => weight);
    const put = (next: number[]) => onVariants(variants.map((variant, i) => ({ ...variant, weight: next[i] ?? 0 })));
    return (
        <div class="stack-small">
            <div class="weight-bar" aria-hidden="true">
                {variants.map((variant, i) => (
                    <span key={i} style={{ flexGrow: variant.weight, background: colourOf(variants, i) }} />
                ))}
            </div>
            {variants.map((variant, i) => (
                <div class="weight-row" key={i}>
                    <span class="weight-name">
                        <span class="dot" style={{ background: colourOf(variants, i) }} aria-hidden="true" />
                        {variant.name || variant.key}
                    </span>
                    <input
                        type="range"
                        min={0}
                        max={100}
                        step={1}
                        value={Math.round(variant.weight * 100)}
                        disabled={variants.length === 1}
                        aria-label={t('editor.weight.slider', { name: variant.name || variant.key })}
                        onInput={(e) => put(withWeight(weights, i, Number(e.currentTarget.value) / 100))}
                    />
                    <NumberField
                        label={t('editor.weight', { name: variant.name || variant.key })}
                        isPercent
                        value={variant.weight}
                        onValue={(value) => put(withWeight(weights, i, value ?? 0))}
                    />
                </div>
            ))}
            {variants.length > 1 && (
                <div>
                    <Button onClick={() => put(evenWeights(variants.length))}>{t('editor.weight.even')}</Button>
                </div>
            )}
        </div>
    );
}
