// SPDX-License-Identifier: GPL-3.0-or-later
// The browser's own modal dialog: it keeps the focus inside and closes on Escape.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { Button } from './Button';
import { ErrorNote } from './feedback';

interface DialogProps {
    title: string;
    onClose: () => void;
    children: ComponentChildren;
    actions?: ComponentChildren;
}

export function Dialog({ title, onClose, children, actions }: DialogProps) {
    const ref = useRef<HTMLDialogElement>(null);
    const id = useId();
    useEffect(() => {
        ref.current?.showModal();
    }, []);
    return (
        <dialog class="dialog" ref={ref} aria-labelledby={id} onClose={onClose}>
            <div class="dialog-body">
                <h2 id={id}>{title}</h2>
                {children}
                <div class="dialog-actions">{actions ?? <Button onClick={onClose}>{t('action.close')}</Button>}</div>
            </div>
        </dialog>
    );
}

interface ConfirmProps {
    title: string;
    text: ComponentChildren;
    action: string;
    isDangerous?: boolean;
    onConfirm: () => Promise<unknown>;
    onClose: () => void;
}

/* Closes when it is done; stays, and says why, when it failed. */
export function Confirm({ title, text, action, isDangerous, onConfirm, onClose }: ConfirmProps) {
    const [error, setError] = useState<unknown>(null);
    const confirm = async () => {
        try {
            await onConfirm();
            onClose();
        } catch (cause) {
            setError(cause);
        }
    };
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look={isDangerous ? 'danger' : 'primary'} onClick={confirm}>
                {action}
            </Button>
        </>
    );
    return (
        <Dialog title={title} onClose={onClose} actions={actions}>
            <div>{text}</div>
            {error !== null && <ErrorNote error={error} />}
        </Dialog>
    );
}
