// SPDX-License-Identifier: GPL-3.0-or-later
// On which pages a campaign begins: none said is every page.
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { SelectField, TextField } from '../../../ui/Field';
import type { PageRule } from '../state/document';
import { faultAt, type Editing } from '../state/editing';

const MATCHES = ['simple', 'exact', 'wildcard', 'regex'] as const;

/* Without pages and moments there are no triggers. */
export function withTriggers(editing: Editing, next: Partial<NonNullable<Editing['campaign']['triggers']>>): void {
    const triggers = { pages: [], moments: [], ...editing.campaign.triggers, ...next };
    editing.set({ triggers: triggers.pages.length + triggers.moments.length > 0 ? triggers : null });
}

export function Pages({ editing }: { editing: Editing }) {
    const pages = editing.campaign.triggers?.pages ?? [];
    const put = (index: number, next: Partial<PageRule>) =>
        withTriggers(editing, { pages: pages.map((page, i) => (i === index ? { ...page, ...next } : page)) });
    return (
        <div class="stack">
            {pages.map((page, i) => (
                <div class="pair" key={i} role="group" aria-label={t('editor.page', { number: i + 1 })}>
                    <SelectField
                        label={t('editor.page.match')}
                        value={`${page.is_excluded ? 'not.' : ''}${page.match}`}
                        options={[
                            ...MATCHES.map((match) => ({ value: match as string, label: t(`editor.page.${match}`) })),
                            ...MATCHES.map((match) => ({
                                value: `not.${match}`,
                                label: t('editor.page.not', { match: t(`editor.page.${match}`) }),
                            })),
                        ]}
                        onValue={(value) =>
                            put(i, { match: value.replace('not.', ''), is_excluded: value.startsWith('not.') })
                        }
                    />
                    <TextField
                        label={t('editor.page.value')}
                        placeholder="/cart"
                        value={page.value}
                        error={
                            faultAt(editing.faults, `/triggers/pages/${i}/value`) ??
                            faultAt(editing.faults, `/triggers/pages/${i}`, true)
                        }
                        onValue={(value) => put(i, { value })}
                    />
                    <Button
                        look="quiet"
                        aria-label={t('editor.page.remove')}
                        onClick={() => withTriggers(editing, { pages: pages.filter((_, j) => j !== i) })}
                    >
                        ×
                    </Button>
                </div>
            ))}
            <div>
                <Button
                    onClick={() =>
                        withTriggers(editing, { pages: [...pages, { match: 'simple', value: '', is_excluded: false }] })
                    }
                >
                    {t('editor.page.add')}
                </Button>
            </div>
        </div>
    );
}
