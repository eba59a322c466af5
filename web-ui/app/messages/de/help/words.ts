// SPDX-License-Identifier: GPL-3.0-or-later
import type { HelpWords } from '../../help';

const words: HelpWords = {
    audience: ['Zielgruppe', 'Wer teilnehmen darf: Bedingungen an Land, Gerät, Seite und andere Eigenschaften.'],
    audit: [
        'Änderungsprotokoll',
        'Eine Zeile für jede Änderung und jeden abgelehnten Zugriff. Es wird nie umgeschrieben.',
    ],
    baseline: [
        'Vergleichsvariante',
        'Die Variante, mit der die anderen verglichen werden; die Kontrolle, wenn Sie keine andere wählen.',
    ],
    campaign: ['Kampagne', 'Was Sie laufen lassen: ein Experiment, ein Rollout oder ein Holdout.'],
    cap: [
        'Kappung',
        'Das Meiste, was ein Besucher zu einer Metrik beiträgt, damit keine riesige Bestellung allein entscheidet.',
    ],
    clientKey: ['Client-Schlüssel', 'Ein öffentlicher Schlüssel, der in Seiten steht. Wer die Seite liest, hat ihn.'],
    control: ['Kontrolle', 'Die Variante, die zeigt, was es heute gibt. Jedes Experiment hat genau eine.'],
    conversion: ['Konversion', 'Ein Besucher tat mindestens einmal, was erhofft war, zum Beispiel kaufen.'],
    coverage: [
        'Anteil der Zielgruppe',
        'Wie viele der Zielgruppe teilnehmen. Ihn zu vergrößern verschiebt niemanden, der teilnimmt.',
    ],
    crossover: [
        'In zwei Armen gesehen',
        'Ein Besucher, der zwei Varianten einer Kampagne sah. Viele davon deuten auf einen Fehler.',
    ],
    cuped: [
        'CUPED',
        'Nutzt, was Besucher vorher taten, um Rauschen zu entfernen. Es macht Intervalle enger, nicht Effekte größer.',
    ],
    decisionRecord: [
        'Entscheidung',
        'Was am Ende einer Kampagne festgehalten wurde: gewonnen, verloren oder offen, und was gelernt wurde.',
    ],
    dimension: ['Dimension', 'Eine Eigenschaft, nach der Ergebnisse aufgeteilt werden, etwa das Gerät.'],
    draft: ['Entwurf', 'Eine Kampagne, die nicht gestartet wurde. Nur wer einen Vorschau-Link hat, sieht sie.'],
    environment: ['Umgebung', 'Eine Website oder Stufe mit eigenen Kampagnen, Flags und Schlüsseln.'],
    event: ['Ereignis', 'Etwas, das ein Besucher tat: eine Seite sehen, etwas in den Warenkorb legen, kaufen.'],
    experiment: [
        'Experiment',
        'Zeigt Besuchern zufällig verschiedene Varianten, um herauszufinden, welche besser ist.',
    ],
    exposure: [
        'Erstes Sehen',
        'Der Moment, in dem ein Besucher eine Variante zuerst sah („exposure“). Nur was danach kommt, zählt.',
    ],
    flag: ['Flag', 'Ein benannter Wert, nach dem Seiten fragen und den Varianten setzen, etwa der Text eines Knopfes.'],
    guardrail: ['Leitplanke', 'Eine Metrik, die keinen Schaden nehmen darf, was auch immer das Ziel tut.'],
    holdout: [
        'Holdout',
        'Besucher, die aus allen Kampagnen herausgehalten werden, um zu sehen, was alle zusammen wert sind.',
    ],
    import: [
        'Import',
        'Eine Datei eines früheren Experiments, die eingelesen wurde. Er lässt sich als Ganzes zurücknehmen.',
    ],
    interval: ['Intervall', 'Wo der wahre Effekt liegt, mit der Konfidenz, die daneben steht.'],
    job: ['Auftrag', 'Eine Rechnung, die lange dauert und im Hintergrund läuft.'],
    layer: ['Ebene', 'Kampagnen einer Ebene teilen sich nie einen Besucher.'],
    metric: ['Metrik', 'Was für jeden Besucher gezählt oder summiert wird: Käufer, Bestellungen, Umsatz.'],
    minimumEffect: [
        'Kleinster Effekt',
        'Der kleinste Unterschied, der sich lohnen würde. Er bestimmt, wie viele Besucher nötig sind.',
    ],
    omission: [
        'Ausgelassen',
        'Ein gespeichertes Ereignis, das Ergebnisse nicht zählen, etwa eines von Bots oder Mitarbeitern.',
    ],
    panic: ['Notschalter', 'Gibt sofort allen die Kontrolle.'],
    phase: ['Phase', 'Ein Abschnitt einer Kampagne, in dem nichts geändert wurde. Phasen werden nie vermischt.'],
    power: ['Power', 'Wie wahrscheinlich ein Experiment einen Effekt findet, den es wirklich gibt.'],
    previewLink: [
        'Vorschau-Link',
        'Ein signierter Link, der einen Entwurf auf der echten Website zeigt. Nichts davon wird gezählt.',
    ],
    primary: ['Ziel', 'Die Metrik, die entscheidet.'],
    proof: [
        'Probe',
        'Teilt Ihre eigenen Besucher tausendmal zufällig und zählt, wie oft ein Test sich täuschen lässt.',
    ],
    refusal: ['Abgelehnt', 'Ein Ereignis, das nicht gespeichert wurde, weil etwas darin falsch ist.'],
    role: ['Rolle', 'Was ein Mensch oder Schlüssel darf: Betrachter, Bearbeiter, Herausgeber oder Administrator.'],
    rollout: ['Rollout', 'Gibt eine Variante an einen Anteil der Besucher, bis hin zu allen.'],
    scope: ['Befugnis', 'Was ein geheimer Schlüssel über seine Rolle hinaus senden darf, etwa Ereignisse.'],
    secretKey: ['Geheimer Schlüssel', 'Ein Schlüssel für Server. Er darf nie in einer Seite stehen.'],
    session: ['Sitzung', 'Ein Browser, der angemeldet ist.'],
    shareLink: [
        'Link zum Teilen',
        'Zeigt die Ergebnisse einer Kampagne ohne Anmeldung, bis er endet oder widerrufen wird.',
    ],
    split: [
        'Gestörte Aufteilung',
        'Die Varianten haben andere Anteile der Besucher, als sie sollten. Dann gilt kein Vergleich.',
    ],
    uplift: [
        'Uplift',
        'Um wie viel eine Variante besser oder schlechter ist als die Vergleichsvariante, in Prozent davon.',
    ],
    variant: ['Variante', 'Eines der Dinge, die verglichen werden, mit einem Gewicht: ihrem Anteil der Besucher.'],
    verdict: ['Urteil', 'Was die Ergebnisse raten: ausliefern, beenden oder weitermachen.'],
    visitor: ['Besucher', 'Wer von einer Seite oder App gesehen wird, bekannt durch eine ID.'],
    window: ['Fenster', 'Die Stunden nach dem ersten Sehen, in denen ein Ereignis zählt.'],
};
export default words;
