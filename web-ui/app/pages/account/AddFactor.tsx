// SPDX-License-Identifier: GPL-3.0-or-later
// Three steps: the password; the secret for the app, and its first code; codes for when the app is lost.
import { useEffect, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { CopyText } from '../../ui/CopyText';
import { Dialog } from '../../ui/Dialog';
import { Complaint } from '../../ui/parts';
import { CodeField, factorErrors, OldPassword, type FactorErrors } from './factor';

interface Secret {
    secret: string;
    uri: string;
}

/* The code that draws it comes when it is needed. */
function Picture({ uri }: { uri: string }) {
    const [QrCode, setQrCode] = useState<ComponentType<{ text: string; label: string }> | null>(null);
    useEffect(() => void import('../../ui/QrCode').then(({ default: loaded }) => setQrCode(() => loaded)), []);
    return QrCode ? <QrCode text={uri} label={t('factor.picture')} /> : <div class="qr-code" />;
}

interface StepProps<T> {
    onDone: (made: T) => void;
    onClose: () => Promise<void>;
}

function AskPassword({ onDone, onClose }: StepProps<Secret>) {
    const [old, setOld] = useState('');
    const [errors, setErrors] = useState<FactorErrors>({});
    const begin = async () => {
        try {
            onDone((await change<Secret>('POST', '/account/second_factor', { old_password: old })).body);
        } catch (error) {
            setErrors(factorErrors(error));
        }
    };
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" onClick={begin} disabled={!old}>
                {t('factor.next')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('factor.add')} onClose={() => void onClose()} actions={actions}>
            {errors.form && <Complaint text={errors.form} />}
            <OldPassword value={old} onValue={setOld} error={errors.old_password} hint={t('account.old.hint')} />
        </Dialog>
    );
}

function AskCode({ secret, onDone, onClose }: StepProps<string[]> & { secret: Secret }) {
    const [code, setCode] = useState('');
    const [errors, setErrors] = useState<FactorErrors>({});
    const confirm = async () => {
        const path = '/account/second_factor/confirm';
        try {
            onDone(
                (await change<{ recovery_codes: string[] }>('POST', path, { code: code.trim() })).body.recovery_codes,
            );
        } catch (error) {
            setErrors(factorErrors(error));
        }
    };
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" onClick={confirm} disabled={!code.trim()}>
                {t('factor.confirm')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('factor.add')} onClose={() => void onClose()} actions={actions}>
            <p>{t('factor.scan')}</p>
            <Picture uri={secret.uri} />
            <details>
                <summary>{t('factor.type')}</summary>
                <CopyText text={secret.secret.replace(/.{4}(?=.)/g, '$& ')} />
            </details>
            {errors.form && <Complaint text={errors.form} />}
            <CodeField value={code} onValue={setCode} error={errors.code} hint={t('factor.code.hint')} />
        </Dialog>
    );
}

function Codes({ codes, onClose }: { codes: string[]; onClose: () => Promise<void> }) {
    const actions = (
        <Button look="primary" onClick={onClose}>
            {t('factor.kept')}
        </Button>
    );
    return (
        <Dialog title={t('factor.codes')} onClose={() => void onClose()} actions={actions}>
            <p>{t('factor.codes.text')}</p>
            <CopyText text={codes.join('\n')} />
        </Dialog>
    );
}

export function AddFactor({ onClose }: { onClose: () => Promise<void> }) {
    const [secret, setSecret] = useState<Secret | null>(null);
    const [codes, setCodes] = useState<string[] | null>(null);
    if (codes) return <Codes codes={codes} onClose={onClose} />;
    if (secret) return <AskCode secret={secret} onDone={setCodes} onClose={onClose} />;
    return <AskPassword onDone={setSecret} onClose={onClose} />;
}
