// SPDX-License-Identifier: GPL-3.0-or-later
// The audience by rules; as JSON for whoever wants it, or where rules cannot say it.
import { useState } from 'preact/hooks';
import { t } from '../../../lib/i18n';
import { useQuery } from '../../../lib/query';
import { Button } from '../../../ui/Button';
import { AreaField } from '../../../ui/Field';
import type { Condition } from '../state/document';
import { Estimate } from './Estimate';
import { GroupBox } from './GroupBox';
import { toCondition, toTree, type Attribute, type Group } from './tree';
import { Complaint } from '../../../ui/parts';

interface BuilderProps {
    condition: Condition | null;
    onCondition: (condition: Condition | null) => void;
    error: string | undefined;
}

function Advanced({ condition, onCondition, error }: BuilderProps) {
    const [text, setText] = useState(condition ? JSON.stringify(condition, null, 2) : '');
    const [wrong, setWrong] = useState<string>();
    const onText = (next: string) => {
        setText(next);
        try {
            const read = next.trim() === '' ? null : (JSON.parse(next) as Condition);
            if (read !== null && (typeof read !== 'object' || Array.isArray(read))) throw new Error();
            setWrong(undefined);
            onCondition(read);
        } catch {
            setWrong(t('editor.error.json'));
        }
    };
    return (
        <AreaField
            label={t('editor.audience.json')}
            hint={t('editor.audience.json.hint')}
            rows={8}
            value={text}
            error={wrong ?? error}
            onValue={onText}
        />
    );
}

export function Builder({ condition, onCondition, error }: BuilderProps) {
    const known = useQuery<{ attributes: Attribute[]; visitors: number }>('/audience/attributes');
    const [tree, setTree] = useState<Group | null>(() => toTree(condition));
    const [isRaw, setRaw] = useState(tree === null);
    const onTree = (next: Group) => {
        setTree(next);
        onCondition(toCondition(next));
    };
    const toggle = () => {
        if (isRaw) setTree(toTree(condition));
        setRaw(!isRaw);
    };
    const isTooMuch = isRaw && toTree(condition) === null;
    return (
        <div class="stack">
            {!isRaw && tree && tree.items.length === 0 && <p class="soft">{t('editor.audience.everybody')}</p>}
            {isRaw || !tree ? (
                <Advanced condition={condition} onCondition={onCondition} error={error} />
            ) : (
                <GroupBox group={tree} attributes={known.data?.attributes ?? []} depth={0} onGroup={onTree} />
            )}
            {!isRaw && error && <Complaint text={error} />}
            <Estimate condition={condition} />
            <div class="row">
                <Button look="quiet" disabled={isTooMuch} onClick={toggle}>
                    {t(isRaw ? 'editor.audience.asRules' : 'editor.audience.asJson')}
                </Button>
                {isTooMuch && <span class="small soft">{t('editor.audience.tooMuch')}</span>}
            </div>
        </div>
    );
}
