// SPDX-License-Identifier: GPL-3.0-or-later
// The flags a variant sets, each by a control of the flag's type.
import { useState } from 'preact/hooks';
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { AreaField, SwitchField, TextField } from '../../../ui/Field';
import { faultAt, type Fault } from '../state/editing';
import { NumberField } from '../../../ui/NumberField';

export interface Flag {
    key: string;
    type: 'boolean' | 'string' | 'number' | 'json';
    default: unknown;
    description: string;
}

interface ValueProps {
    flag: Flag;
    value: unknown;
    error: string | undefined;
    onValue: (value: unknown) => void;
}

function JsonValue({ flag, value, error, onValue }: ValueProps) {
    const [text, setText] = useState(JSON.stringify(value, null, 2));
    const [wrong, setWrong] = useState<string>();
    const onText = (next: string) => {
        setText(next);
        try {
            onValue(JSON.parse(next));
            setWrong(undefined);
        } catch {
            setWrong(t('editor.error.json'));
        }
    };
    return <AreaField label={flag.key} hint={flag.description} value={text} error={wrong ?? error} onValue={onText} />;
}

function FlagValue(props: ValueProps) {
    const { flag, value, error, onValue } = props;
    if (flag.type === 'json') return <JsonValue {...props} />;
    if (flag.type === 'number')
        return (
            <NumberField
                label={flag.key}
                hint={flag.description}
                value={typeof value === 'number' ? value : null}
                error={error}
                onValue={onValue}
            />
        );
    if (flag.type === 'string')
        return (
            <TextField
                label={flag.key}
                hint={flag.description}
                value={String(value ?? '')}
                error={error}
                onValue={onValue}
            />
        );
    return (
        <SwitchField
            label={flag.key}
            hint={flag.description}
            checked={value === true}
            error={error}
            onValue={onValue}
        />
    );
}

interface FlagValuesProps {
    values: Record<string, unknown>;
    flags: Flag[];
    here: string;
    faults: Fault[];
    onValues: (values: Record<string, unknown>) => void;
    onNewFlag: () => void;
}

export function FlagValues({ values, flags, here, faults, onValues, onNewFlag }: FlagValuesProps) {
    const free = flags.filter(({ key }) => !(key in values));
    const without = (key: string) =>
        onValues(Object.fromEntries(Object.entries(values).filter(([name]) => name !== key)));
    const add = (key: string) => {
        const flag = flags.find((one) => one.key === key);
        if (flag) onValues({ ...values, [key]: flag.default });
    };
    return (
        <div class="stack-small">
            <h4>{t('editor.flags')}</h4>
            {Object.entries(values).map(([key, value]) => (
                <div class="pair pair-wide" key={key}>
                    <FlagValue
                        flag={
                            flags.find((flag) => flag.key === key) ?? {
                                key,
                                type: 'json',
                                default: null,
                                description: '',
                            }
                        }
                        value={value}
                        error={faultAt(faults, `${here}/${key}`, true)}
                        onValue={(next) => onValues({ ...values, [key]: next })}
                    />
                    <Button look="quiet" aria-label={t('editor.flags.remove', { key })} onClick={() => without(key)}>
                        ×
                    </Button>
                </div>
            ))}
            <div class="row">
                {free.length > 0 && (
                    <select
                        class="input adder"
                        aria-label={t('editor.flags.add')}
                        value=""
                        onChange={(e) => add(e.currentTarget.value)}
                    >
                        <option value="">{t('editor.flags.add')}</option>
                        {free.map(({ key }) => (
                            <option key={key} value={key}>
                                {key}
                            </option>
                        ))}
                    </select>
                )}
                <Button onClick={onNewFlag}>{t('editor.flags.new')}</Button>
            </div>
        </div>
    );
}
