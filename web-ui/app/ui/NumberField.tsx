// SPDX-License-Identifier: GPL-3.0-or-later
// A number as one types it: what cannot be read as one stays, with a sentence beside, and changes nothing.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { currentLocale, t } from '../lib/i18n';
import { Field } from './Field';

interface NumberFieldProps {
    label: string;
    value: number | null;
    onValue: (value: number | null) => void;
    isOptional?: boolean;
    isPercent?: boolean;
    isWhole?: boolean;
    unit?: string;
    hint?: ComponentChildren;
    error?: string | undefined;
}

const SHOWN = { maximumFractionDigits: 6, useGrouping: false };

const shown = (value: number | null, isPercent: boolean): string =>
    value === null ? '' : new Intl.NumberFormat(currentLocale(), SHOWN).format(isPercent ? value * 100 : value);

/* NaN: not a number. A comma is a point to those who write it so. */
function parsed(text: string, isPercent: boolean): number {
    const plain = text.trim().replace(',', '.');
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
    return isPercent ? Number((value / 100).toPrecision(12)) : value;
}

export function NumberField({
    label,
    value,
    onValue,
    isOptional,
    isPercent = false,
    isWhole,
    unit,
    hint,
    error,
}: NumberFieldProps) {
    const [text, setText] = useState(shown(value, isPercent));
    const [wrong, setWrong] = useState<string>();
    useLayoutEffect(() => {
        if (!wrong && parsed(text, isPercent) !== (value ?? NaN) && !(text.trim() === '' && value === null))
            setText(shown(value, isPercent));
    }, [value]);
    const onInput = (next: string) => {
        setText(next);
        if (next.trim() === '') {
            setWrong(isOptional ? undefined : t('error.required'));
            if (isOptional) onValue(null);
            return;
        }
        const number = parsed(next, isPercent);
        const isGood = Number.isFinite(number) && (!isWhole || Number.isInteger(number));
        setWrong(isGood ? undefined : t(isWhole ? 'editor.error.whole' : 'editor.error.number'));
        if (isGood) onValue(number);
    };
    const sign = unit ?? (isPercent ? '%' : undefined);
    return (
        <Field label={label} hint={hint} error={wrong ?? error}>
            {(control) => (
                <div class={sign ? 'with-unit' : undefined}>
                    <input
                        type="text"
                        inputMode="decimal"
                        autocomplete="off"
                        value={text}
                        {...control}
                        onInput={(e) => onInput(e.currentTarget.value)}
                    />
                    {sign && <span aria-hidden="true">{sign}</span>}
                </div>
            )}
        </Field>
    );
}
