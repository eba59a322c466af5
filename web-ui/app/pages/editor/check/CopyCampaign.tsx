// SPDX-License-Identifier: GPL-3.0-or-later
// A draft with everything of another campaign but its visitors.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../../lib/api';
import { t } from '../../../lib/i18n';
import { navigate } from '../../../lib/router';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { errorText } from '../../../ui/feedback';
import { TextField } from '../../../ui/Field';
import type { Campaign } from '../state/document';
import { keyOf } from '../state/keyOf';

export function CopyCampaign({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
    const [name, setName] = useState(t('editor.copy.name', { name: campaign.name || campaign.key }));
    const [key, setKey] = useState(keyOf(`${campaign.key}_2`));
    const [error, setError] = useState<ApiError | null>(null);
    const at = (pointer: string) => (error?.pointer === pointer ? error.message : undefined);
    const make = async () => {
        try {
            await change('POST', `/campaigns/${encodeURIComponent(campaign.key)}/copy`, { key, name });
            onClose();
            navigate(`/app/campaigns/${encodeURIComponent(key)}/setup`);
        } catch (cause) {
            setError(cause as ApiError);
        }
    };
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" onClick={make}>
                {t('editor.copy')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('editor.copy.title')} onClose={onClose} actions={actions}>
            <TextField label={t('editor.name')} value={name} error={at('/name')} onValue={setName} />
            <TextField
                label={t('editor.key')}
                hint={t('editor.key.hint')}
                value={key}
                error={at('/key')}
                onValue={setKey}
            />
            {error && !at('/name') && !at('/key') && (
                <p class="note note-bad" role="alert">
                    {errorText(error)}
                </p>
            )}
        </Dialog>
    );
}
