// SPDX-License-Identifier: GPL-3.0-or-later
// One rule: an attribute, how it is compared, and with what.
import { createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import { formatPercent, t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { isComplete, isMoment, OPERATORS, type Attribute, type Operator, type Rule, type ValueType } from './tree';

/* Which comparisons there are: audiences know more than filters of events. */
export const Operators = createContext(OPERATORS);

interface RuleRowProps {
    rule: Rule;
    attributes: Attribute[];
    onRule: (rule: Rule) => void;
    onRemove: () => void;
}

const isBare = (operator: Operator) => operator === 'known' || operator === 'unknown';

function placeholder(rule: Rule): string {
    if (isMoment(rule)) return t('editor.audience.moment');
    return t(
        rule.operator === 'anyOf' || rule.operator === 'noneOf' ? 'editor.audience.values' : 'editor.audience.value',
    );
}

/* What is wrong with the value, where it can be. */
function fault(rule: Rule): string | null {
    if (rule.attribute === '' || rule.value.trim() === '' || isComplete(rule)) return null;
    if (isMoment(rule)) return t('editor.error.moment');
    return rule.type === 'number' ? t('editor.error.number') : null;
}

function Value({ rule, known, onRule }: { rule: Rule; known: Attribute | undefined; onRule: (rule: Rule) => void }) {
    const list = useId();
    const label = t('editor.audience.value');
    if (rule.type === 'boolean') {
        return (
            <select
                class="input"
                aria-label={label}
                value={rule.value || 'true'}
                onChange={(e) => onRule({ ...rule, value: e.currentTarget.value })}
            >
                <option value="true">{t('state.yes')}</option>
                <option value="false">{t('state.no')}</option>
            </select>
        );
    }
    const isWrong = rule.value.trim() !== '' && !isComplete(rule);
    return (
        <>
            <input
                class="input"
                type="text"
                aria-label={label}
                aria-invalid={isWrong}
                list={list}
                value={rule.value}
                autocomplete="off"
                placeholder={placeholder(rule)}
                onInput={(e) => onRule({ ...rule, value: e.currentTarget.value })}
            />
            <datalist id={list}>
                {known?.values.map(({ value, share }) => (
                    <option key={String(value)} value={String(value)} label={formatPercent(share, 0)} />
                ))}
            </datalist>
        </>
    );
}

type PartProps = Pick<RuleRowProps, 'rule' | 'attributes' | 'onRule'>;

/* What is compared: one of those that visitors are known by, or any other. */
function Name({ rule, attributes, onRule }: PartProps) {
    const list = useId();
    const operators = useContext(Operators);
    const setAttribute = (attribute: string) => {
        const type = attributes.find(({ name }) => name === attribute)?.type ?? rule.type;
        const operator = operators[type].includes(rule.operator) ? rule.operator : 'is';
        const value = type === 'boolean' ? 'true' : type === rule.type ? rule.value : '';
        onRule({ ...rule, attribute, type, operator, value });
    };
    return (
        <>
            <input
                class="input"
                type="text"
                aria-label={t('editor.audience.attribute')}
                placeholder={t('editor.audience.attribute')}
                list={list}
                autocomplete="off"
                value={rule.attribute}
                onInput={(e) => setAttribute(e.currentTarget.value)}
            />
            <datalist id={list}>
                {attributes.map(({ name, share }) => (
                    <option
                        key={name}
                        value={name}
                        label={t('editor.audience.knownOf', { share: formatPercent(share, 0) })}
                    />
                ))}
            </datalist>
        </>
    );
}

function Type({ rule, onRule }: Omit<PartProps, 'attributes'>) {
    const operators = useContext(Operators);
    const setType = (type: ValueType) =>
        onRule({
            ...rule,
            type,
            operator: operators[type].includes(rule.operator) ? rule.operator : 'is',
            value: type === 'boolean' ? 'true' : rule.value,
        });
    return (
        <select
            class="input"
            aria-label={t('editor.audience.type')}
            value={rule.type}
            onChange={(e) => setType(e.currentTarget.value as ValueType)}
        >
            {(['string', 'number', 'boolean'] as const).map((type) => (
                <option key={type} value={type}>
                    {t(`editor.type.${type}`)}
                </option>
            ))}
        </select>
    );
}

function Comparison({ rule, onRule }: Omit<PartProps, 'attributes'>) {
    const operators = useContext(Operators);
    return (
        <select
            class="input"
            aria-label={t('editor.audience.operator')}
            value={rule.operator}
            onChange={(e) => onRule({ ...rule, operator: e.currentTarget.value as Operator })}
        >
            {operators[rule.type].map((operator) => (
                <option key={operator} value={operator}>
                    {t(`editor.operator.${operator}`)}
                </option>
            ))}
        </select>
    );
}

export function RuleRow({ rule, attributes, onRule, onRemove }: RuleRowProps) {
    const known = attributes.find(({ name }) => name === rule.attribute);
    const wrong = fault(rule);
    return (
        <div class="rule" role="group" aria-label={t('editor.audience.rule', { name: rule.attribute || '…' })}>
            <div class="rule-parts">
                <Name rule={rule} attributes={attributes} onRule={onRule} />
                {!known && <Type rule={rule} onRule={onRule} />}
                <Comparison rule={rule} onRule={onRule} />
                {!isBare(rule.operator) && <Value rule={rule} known={known} onRule={onRule} />}
            </div>
            <Button look="quiet" aria-label={t('editor.audience.remove')} onClick={onRemove}>
                ×
            </Button>
            {wrong && (
                <span class="field rule-fault">
                    <span class="message" role="alert">
                        {wrong}
                    </span>
                </span>
            )}
        </div>
    );
}
