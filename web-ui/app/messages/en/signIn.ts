// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'signIn.title': 'Sign in',
    'signIn.intro': 'mete allots variants to visitors, and measures what they change.',
    'signIn.wrong': 'There is nobody with this e-mail address and password.',
    'signIn.limited': 'Too many attempts. Please wait a minute.',
    'signIn.code': 'Code',
    'signIn.code.hint': 'Six digits from your authenticator app, or one of your recovery codes.',
    'signIn.code.wrong': 'This code does not fit, or was used already. The app shows a new one every half minute.',
    'signIn.code.unreadable':
        'The server cannot read your second factor any more. A recovery code still lets you in; then tell an admin.',
    'signIn.code.limited':
        'Too many attempts. Please wait a minute; after ten wrong codes, a quarter of an hour. A recovery code still lets you in.',
    'signIn.provider': 'Sign in with {name}',
    'signIn.provider.unnamed': 'Single sign-on',
    'signIn.provider.away': 'The sign-in service does not answer as it should. Please try again, or tell an admin.',
    'signIn.provider.refused': 'The sign-in service did not let you in. Please try again.',
    'signIn.provider.stale': 'That took too long, or began in another window. Please try again.',
    'signIn.provider.unknown': 'You are known there, but nobody has invited you here. Ask an admin.',
    'signIn.provider.unverified': 'Your e-mail address has not been confirmed there yet. Confirm it, then try again.',
    'signIn.help': 'No password yet, or forgotten?',
    'signIn.link':
        'Ask an admin for a new link: it lets you in once, to set a password. The first admin gets one on the server by this command:',
} as const;
