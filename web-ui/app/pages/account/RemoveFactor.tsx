// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Complaint } from '../../ui/parts';
import { CodeField, factorErrors, OldPassword, type FactorErrors } from './factor';

export function RemoveFactor({ onClose }: { onClose: () => Promise<void> }) {
    const [old, setOld] = useState('');
    const [code, setCode] = useState('');
    const [errors, setErrors] = useState<FactorErrors>({});
    const remove = async () => {
        try {
            await change('POST', '/account/second_factor/remove', { old_password: old, code: code.trim() });
        } catch (error) {
            setErrors(factorErrors(error));
            return;
        }
        await onClose();
    };
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="danger" onClick={remove} disabled={!old || !code.trim()}>
                {t('factor.remove')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('factor.remove')} onClose={() => void onClose()} actions={actions}>
            <p class="soft">{t('factor.remove.text')}</p>
            {errors.form && <Complaint text={errors.form} />}
            <OldPassword value={old} onValue={setOld} error={errors.old_password} />
            <CodeField value={code} onValue={setCode} error={errors.code} hint={t('factor.code.orRecovery')} />
        </Dialog>
    );
}
