// SPDX-License-Identifier: GPL-3.0-or-later
// Visitors who always get one variant, beside the links to look at each. Neither counts.
import { useState } from 'preact/hooks';
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { SelectField, TextField } from '../../../ui/Field';
import { faultAt, type Editing } from '../state/editing';
import { Preview } from './Preview';

function Forced({ editing }: { editing: Editing }) {
    const { campaign, faults, set, mayEdit } = editing;
    const [visitor, setVisitor] = useState('');
    const [variant, setVariant] = useState('');
    const chosen = variant || campaign.variants[0]?.key || '';
    const add = () => {
        if (!visitor.trim()) return;
        set({ forced: { ...campaign.forced, [visitor.trim()]: chosen } });
        setVisitor('');
    };
    return (
        <fieldset class="stack-small" disabled={!mayEdit}>
            <h3>{t('editor.forced.title')}</h3>
            <p class="small soft">{t('editor.forced.text')}</p>
            {Object.entries(campaign.forced).map(([id, key]) => (
                <div class="qa-row" key={id}>
                    <span class="mono">{id}</span>
                    <span>{campaign.variants.find((one) => one.key === key)?.name || key}</span>
                    <Button
                        look="quiet"
                        aria-label={t('editor.forced.remove', { id })}
                        onClick={() =>
                            set({
                                forced: Object.fromEntries(
                                    Object.entries(campaign.forced).filter(([one]) => one !== id),
                                ),
                            })
                        }
                    >
                        ×
                    </Button>
                </div>
            ))}
            <div class="columns">
                <TextField
                    label={t('editor.forced.visitor')}
                    value={visitor}
                    error={faultAt(faults, '/forced', true)}
                    onValue={setVisitor}
                />
                <SelectField
                    label={t('editor.forced.variant')}
                    value={chosen}
                    options={campaign.variants.map(({ key, name }) => ({ value: key, label: name || key }))}
                    onValue={setVariant}
                />
            </div>
            <div>
                <Button onClick={add}>{t('editor.forced.add')}</Button>
            </div>
        </fieldset>
    );
}

export function Qa({ editing }: { editing: Editing }) {
    if (editing.campaign.variants.length === 0) return null;
    return (
        <div class="card stack">
            <h2>{t('editor.qa.title')}</h2>
            <p class="soft">{t('editor.qa.text')}</p>
            <Preview editing={editing} />
            <Forced editing={editing} />
        </div>
    );
}
