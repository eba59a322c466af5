// SPDX-License-Identifier: GPL-3.0-or-later
// What comes after the first link: a password, so that no link is needed again.
import { t } from '../../lib/i18n';
import { navigate } from '../../lib/router';
import { ButtonLink } from '../../ui/Button';
import { Page } from '../../ui/parts';
import { PasswordForm } from './PasswordForm';

export default function Welcome() {
    return (
        <Page title={t('account.welcome')} isNarrow>
            <p class="soft">{t('account.welcome.text')}</p>
            <PasswordForm onDone={() => navigate('/')} />
            <div>
                <ButtonLink to="/" look="quiet">
                    {t('account.later')}
                </ButtonLink>
            </div>
        </Page>
    );
}
