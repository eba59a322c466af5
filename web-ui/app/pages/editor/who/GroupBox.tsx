// SPDX-License-Identifier: GPL-3.0-or-later
// A group of rules that must all hold, or of which one must; groups stand in groups.
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { Segmented } from '../../../ui/parts';
import { RuleRow } from './RuleRow';
import { newGroup, newRule, type Attribute, type Group, type Join, type Node } from './tree';

const DEEPEST = 4;

interface GroupBoxProps {
    group: Group;
    attributes: Attribute[];
    depth: number;
    onGroup: (group: Group) => void;
    onRemove?: (() => void) | undefined;
}

function Head({ group, onGroup, onRemove }: Pick<GroupBoxProps, 'group' | 'onGroup' | 'onRemove'>) {
    const joins = (['and', 'or'] as const).map((value) => ({ value, label: t(`editor.audience.${value}`) }));
    return (
        <div class="row spread">
            <Segmented<Join>
                label={t('editor.audience.join')}
                value={group.join}
                options={joins}
                onValue={(join) => onGroup({ ...group, join })}
            />
            {onRemove && (
                <Button look="quiet" aria-label={t('editor.audience.removeGroup')} onClick={onRemove}>
                    ×
                </Button>
            )}
        </div>
    );
}

export function GroupBox({ group, attributes, depth, onGroup, onRemove }: GroupBoxProps) {
    const put = (items: Node[]) => onGroup({ ...group, items });
    const replace = (node: Node) => put(group.items.map((item) => (item.id === node.id ? node : item)));
    const remove = (id: number) => put(group.items.filter((item) => item.id !== id));
    return (
        <div
            class={depth === 0 ? 'rules' : 'rules rules-nested'}
            role="group"
            aria-label={t(`editor.audience.${group.join}`)}
        >
            {(group.items.length > 1 || depth > 0) && <Head group={group} onGroup={onGroup} onRemove={onRemove} />}
            {group.items.map((item) =>
                item.kind === 'rule' ? (
                    <RuleRow
                        key={item.id}
                        rule={item}
                        attributes={attributes}
                        onRule={replace}
                        onRemove={() => remove(item.id)}
                    />
                ) : (
                    <GroupBox
                        key={item.id}
                        group={item}
                        attributes={attributes}
                        depth={depth + 1}
                        onGroup={replace}
                        onRemove={() => remove(item.id)}
                    />
                ),
            )}
            <div class="row">
                <Button onClick={() => put([...group.items, newRule()])}>{t('editor.audience.addRule')}</Button>
                {depth < DEEPEST && group.items.length > 0 && (
                    <Button
                        look="quiet"
                        onClick={() =>
                            put([...group.items, newGroup(group.join === 'and' ? 'or' : 'and', [newRule()])])
                        }
                    >
                        {t('editor.audience.addGroup')}
                    </Button>
                )}
            </div>
        </div>
    );
}
