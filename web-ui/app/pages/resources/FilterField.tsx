// SPDX-License-Identifier: GPL-3.0-or-later
// Which events count: by rules over their properties; as JSON where rules cannot say it.
import { useId, useState } from 'preact/hooks';
import { AreaField } from '../../ui/Field';
import type { Condition } from '../editor/state/document';
import { GroupBox } from '../editor/who/GroupBox';
import { Operators } from '../editor/who/RuleRow';
import { OPERATORS, toCondition, toTree, type Group, type Operator } from '../editor/who/tree';

/* What the server's filters know: server/model/metric/filter.h. */
const KNOWN: Operator[] = ['is', 'isNot', 'anyOf', 'noneOf', 'gt', 'gte', 'lt', 'lte', 'known', 'unknown'];
const FILTER_OPERATORS: typeof OPERATORS = {
    string: OPERATORS.string.filter((one) => KNOWN.includes(one)),
    number: OPERATORS.number,
    boolean: OPERATORS.boolean,
};

function treeOf(text: string): Group | null {
    try {
        return toTree(text.trim() === '' ? null : (JSON.parse(text) as Condition));
    } catch {
        return null;
    }
}

/* Does it speak of nothing that the list of comparisons lacks? */
const isSaid = (group: Group): boolean =>
    group.items.every((item) =>
        item.kind === 'group' ? isSaid(item) : FILTER_OPERATORS[item.type].includes(item.operator),
    );

interface FilterFieldProps {
    label: string;
    hint: string | undefined;
    error: string | undefined;
    value: string; // as JSON; '' for none
    onValue: (value: string) => void;
}

export function FilterField({ label, hint, error, value, onValue }: FilterFieldProps) {
    const [tree, setTree] = useState(() => treeOf(value));
    const id = useId();
    if (!tree || !isSaid(tree)) return <AreaField {...{ label, hint, error, value, onValue }} rows={3} />;
    const onGroup = (next: Group) => {
        const condition = toCondition(next);
        setTree(next);
        onValue(condition ? JSON.stringify(condition) : '');
    };
    return (
        <div class="field" role="group" aria-labelledby={id}>
            <span class="label" id={id}>
                {label}
            </span>
            <Operators.Provider value={FILTER_OPERATORS}>
                <GroupBox group={tree} attributes={[]} depth={0} onGroup={onGroup} />
            </Operators.Provider>
            {hint && <div class="hint">{hint}</div>}
            {error && (
                <div class="message" role="alert">
                    {error}
                </div>
            )}
        </div>
    );
}
