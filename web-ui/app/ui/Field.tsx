// SPDX-License-Identifier: GPL-3.0-or-later
// A label, a control, a hint, and the message when it is wrong: the message stands at its field.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../lib/i18n';

interface FieldProps {
    label: string;
    hint?: ComponentChildren;
    error?: string | undefined;
    children: (control: ControlProps) => ComponentChildren;
}

export interface ControlProps {
    id: string;
    class: string;
    'aria-invalid': boolean;
    'aria-describedby': string | undefined;
}

export function Field({ label, hint, error, children }: FieldProps) {
    const id = useId();
    const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
    return (
        <div class="field">
            <label for={id}>{label}</label>
            {children({
                id,
                class: 'input',
                'aria-invalid': Boolean(error),
                'aria-describedby': described || undefined,
            })}
            {hint && (
                <div class="hint" id={`${id}-hint`}>
                    {hint}
                </div>
            )}
            {error && (
                <div class="message" role="alert" id={`${id}-error`}>
                    {error}
                </div>
            )}
        </div>
    );
}

interface TextFieldProps {
    label: string;
    value: string;
    onValue: (value: string) => void;
    type?: 'text' | 'number' | 'email' | 'password' | 'url' | 'datetime-local' | 'date';
    hint?: ComponentChildren;
    error?: string | undefined;
    placeholder?: string;
    autocomplete?: string;
    min?: number;
    max?: number;
    step?: number | 'any';
    disabled?: boolean;
}

export function TextField({ label, hint, error, value, onValue, type = 'text', ...rest }: TextFieldProps) {
    const onInput = (event: { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value);
    return (
        <Field label={label} hint={hint} error={error}>
            {(control) => <input type={type as 'text'} value={value} {...rest} {...control} onInput={onInput} />}
        </Field>
    );
}

interface AreaFieldProps {
    label: string;
    value: string;
    onValue: (value: string) => void;
    rows?: number;
    hint?: ComponentChildren;
    error?: string | undefined;
}

export function AreaField({ label, hint, error, onValue, value, rows = 4 }: AreaFieldProps) {
    return (
        <Field label={label} hint={hint} error={error}>
            {(control) => (
                <textarea rows={rows} value={value} {...control} onInput={(e) => onValue(e.currentTarget.value)} />
            )}
        </Field>
    );
}

interface SelectFieldProps {
    label: string;
    value: string;
    options: { value: string; label: string }[];
    onValue: (value: string) => void;
    hint?: ComponentChildren;
    error?: string | undefined;
    disabled?: boolean;
}

export function SelectField({ label, hint, error, options, value, onValue, disabled }: SelectFieldProps) {
    return (
        <Field label={label} hint={hint} error={error}>
            {(control) => (
                <select value={value} disabled={disabled} {...control} onChange={(e) => onValue(e.currentTarget.value)}>
                    {options.map((option) => (
                        <option key={option.value} value={option.value}>
                            {option.label}
                        </option>
                    ))}
                </select>
            )}
        </Field>
    );
}

interface SwitchFieldProps {
    label: string;
    checked: boolean;
    onValue: (checked: boolean) => void;
    hint?: ComponentChildren;
    error?: string | undefined;
    disabled?: boolean;
}

interface CheckFieldProps {
    label: ComponentChildren;
    checked: boolean;
    onValue: (checked: boolean) => void;
    disabled?: boolean;
}

/* Yes or no, as a switch that says which. */
export function SwitchField({ label, hint, error, checked, onValue, disabled }: SwitchFieldProps) {
    return (
        <Field label={label} hint={hint} error={error}>
            {(control) => (
                <span class="switch">
                    <input
                        type="checkbox"
                        role="switch"
                        checked={checked}
                        disabled={disabled}
                        {...control}
                        onChange={(e) => onValue(e.currentTarget.checked)}
                    />
                    <span aria-hidden="true">{t(checked ? 'state.yes' : 'state.no')}</span>
                </span>
            )}
        </Field>
    );
}

export function CheckField({ label, checked, onValue, disabled }: CheckFieldProps) {
    return (
        <label class="check">
            <input
                type="checkbox"
                checked={checked}
                disabled={disabled}
                onChange={(e) => onValue(e.currentTarget.checked)}
            />
            <span>{label}</span>
        </label>
    );
}
