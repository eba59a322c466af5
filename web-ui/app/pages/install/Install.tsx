// SPDX-License-Identifier: GPL-3.0-or-later
// The line to paste, where to paste it, and a light that says when it works.
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/Button';
import { CopyText } from '../../ui/CopyText';
import { errorText, Loaded } from '../../ui/feedback';
import { SelectField, TextField } from '../../ui/Field';
import { Page, Segmented } from '../../ui/parts';
import { INSTALL, type Install as Found } from './state';
import { Light } from './Light';
import { isAddress, PLACES, snippetOf, type Place } from './snippet';

const REFRESH_MS = 3_000;

function NoKey({ reload }: { reload: () => Promise<void> }) {
    const [error, setError] = useState<string | null>(null);
    const mayMake = useMay('admin');
    const make = async () => {
        try {
            await change('POST', '/keys', { kind: 'client', name: t('install.keyName') });
            await reload();
        } catch (cause) {
            setError(errorText(cause));
        }
    };
    return (
        <div class="note note-warn">
            <span>{t(mayMake ? 'install.noKey' : 'install.noKey.ask')}</span>
            {mayMake && <Button onClick={make}>{t('install.makeKey')}</Button>}
            {error && <span role="alert">{error}</span>}
        </div>
    );
}

function Steps({ place }: { place: Place }) {
    return (
        <ol class="install-steps">
            {t(`install.steps.${place}`)
                .split('\n')
                .map((step) => (
                    <li key={step}>{step}</li>
                ))}
        </ol>
    );
}

function Line({ install }: { install: Found }) {
    const [place, setPlace] = useState<Place>('html');
    const [typed, setTyped] = useState<string | null>(null);
    const [id, setId] = useState<string | null>(null);
    const keys = install.client_keys;
    const key = keys.find((one) => String(one.id) === id) ?? keys[0]!;
    const edge = typed ?? install.edge_url ?? '';
    const isRight = isAddress(edge);
    const tabs = PLACES.map((value) => ({ value, label: t(`install.place.${value}`) }));
    return (
        <section class="card stack install-line" aria-label={t('install.line')}>
            <h2>{t('install.line')}</h2>
            <div class="columns">
                <TextField
                    label={t('install.edge')}
                    hint={t('install.edge.hint')}
                    error={isRight ? undefined : t('install.edge.wrong')}
                    value={edge}
                    onValue={setTyped}
                />
                {keys.length > 1 && (
                    <SelectField
                        label={t('install.key')}
                        value={String(key.id)}
                        options={keys.map((one) => ({ value: String(one.id), label: one.name || one.token }))}
                        onValue={setId}
                    />
                )}
            </div>
            <Segmented label={t('install.place')} value={place} options={tabs} onValue={setPlace} />
            <Steps place={place} />
            {isRight && <CopyText key={place + edge + key.id} text={snippetOf(place, edge, key.token)} />}
            <p class="small soft">{t('install.safe')}</p>
        </section>
    );
}

export default function Install() {
    const query = useQuery<Found>(INSTALL, { every: REFRESH_MS });
    return (
        <Page title={t('nav.install')}>
            <Loaded query={query}>
                {(install) => (
                    <>
                        <Light install={install} />
                        {install.client_keys.length > 0 ? <Line install={install} /> : <NoKey reload={query.reload} />}
                        <p class="soft">{t('install.debug')}</p>
                    </>
                )}
            </Loaded>
        </Page>
    );
}
