// SPDX-License-Identifier: GPL-3.0-or-later
import type { HelpPages } from '../../help';

const pages: HelpPages = {
    campaigns:
        'Alle Kampagnen dieser Umgebung: was läuft, was geplant ist, was gelernt wurde. Jede Zeile sagt, wie weit ein Experiment ist und was seine Ergebnisse raten.\nOben stehen Kampagnen, nach denen jemand sehen sollte: eine gestörte Aufteilung, eine verletzte Leitplanke, niemand, der kommt.\nÖffnen Sie eine Kampagne für ihre Ergebnisse; ein Entwurf öffnet sich, wo er liegen blieb. Zahlen ohne Urteil sind zu wenige, um etwas zu sagen.',
    newCampaign:
        'Geben Sie der Kampagne Namen und Art: Ein Experiment vergleicht Varianten, ein Rollout gibt eine Variante an immer mehr Besucher, ein Holdout hält einige Besucher aus allem anderen heraus.\nSie beginnt als Entwurf. Niemand sieht sie, bevor sie gestartet wird.',
    setup: 'Fünf Schritte in beliebiger Folge: was Sie herausfinden wollen, wer teilnimmt, was die Varianten ändern, wie viele Besucher es braucht, und eine letzte Prüfung mit Vorschau.\nEntwürfe werden beim Tippen gespeichert. Ein Schritt, dem etwas fehlt, sagt es.\nEine laufende Kampagne wird auf einmal geändert: Sie sehen zuerst, was anders würde und ob eine neue Phase beginnt.',
    results:
        'Oben steht das Urteil: was bekannt ist, wie sicher, was es wert ist und was als Nächstes zu tun ist. Darunter steht, woraus es entstand.\nLesen Sie Warnungen zuerst. Ist die Aufteilung gestört, ist nichts anderes auf der Seite zu glauben.\nEin Intervall ohne Null heißt: Es gibt einen Unterschied. „Ausliefern“ beendet das Experiment und gibt den Gewinner an alle; ganz unten stehen die Summen hinter jeder Zahl.',
    planner:
        'Wie viele Besucher braucht ein Experiment, und wie viele Tage sind das? Beginnen Sie mit einer Metrik, die schon gemessen wird, oder mit eigenen Zahlen.\nJe kleiner der Effekt, den Sie sehen wollen, desto mehr Besucher: halber Effekt, viermal so viele. Planen Sie mindestens eine ganze Woche.',
    visitors:
        'Schlagen Sie einen Besucher nach: was er in diesem Moment in jeder Kampagne bekommt, Schritt für Schritt, und jedes gespeicherte Ereignis mit dem, was es in Ergebnissen bewirkte.\nSo finden Sie heraus, warum jemand etwas sieht oder warum ein Kauf nicht zählte. Wer keiner ist, etwa ein Lasttest, lässt sich hier aus allen Ergebnissen nehmen.',
    install:
        'Die Zeile, die in Ihre Website gehört, für jede Art von Website. Sie entscheidet, bevor die Seite gezeichnet wird, und meldet, was Besucher tun.\nSetzen Sie sie ein, öffnen Sie Ihre Website und warten Sie auf das Licht: Mit dem ersten Ereignis wird es grün. Die Liste führt dann zum ersten Experiment.',
    metrics:
        'Woran Experimente gemessen werden. Fünf Metriken gehören zu jeder Umgebung, auf den üblichen Ereignissen eines Shops; eigene gibt es auf jedem Ereignis und Feld.\nEine Metrik lässt sich kappen, damit keine riesige Bestellung allein entscheidet, und kann auf Stunden nach dem ersten Sehen begrenzt werden.',
    dimensions:
        'Wonach Ergebnisse aufgeteilt werden: Gerät, Land, neu oder wiederkehrend, oder eine eigene Eigenschaft, die Seiten mitsenden.\nEine Kampagne behält die Dimensionen, die es bei ihrem ersten Start gab. Werte außerhalb der Liste werden zusammen gezählt.',
    flags: 'Benannte Werte, nach denen Seiten, Apps und Server fragen. Eine Variante setzt Flags; ohne Kampagne gilt ihr Standardwert.\nEin Flag behält seinen Typ. Archivieren lässt es sich, wenn keine Kampagne es mehr setzt.',
    layers: 'Kampagnen einer Ebene teilen sich nie einen Besucher: Nehmen Sie eine, wo zwei Experimente dasselbe ändern würden.\nJede Kampagne einer Ebene bekommt einen Anteil ihrer Besucher. Kampagnen ohne Ebene sind voneinander unabhängig, und ein Holdout steht über allen Ebenen.',
    environments:
        'Jede Website oder Stufe hat eine Umgebung mit eigenen Kampagnen, Flags, Schlüsseln, eigener Währung und Zeitzone. Gewählt wird sie oben auf der Seite.\nDer Notschalter gibt sofort allen die Kontrolle, bis er wieder aus ist.',
    currencies:
        'Bestellungen dürfen in jeder Währung kommen. Sie werden zum Kurs ihres Tages in die Währung der Umgebung umgerechnet; ohne Kurs zählt die Bestellung, ihr Wert nicht.\nEine Datei der Europäischen Zentralbank kann so hochgeladen werden, wie sie ist. Später eingetragene Kurse gelten auch für frühere Bestellungen.',
    keys: 'Wer fragen und senden darf. Ein Client-Schlüssel steht in Seiten und ist öffentlich: Er entscheidet und sendet Ereignisse, sonst nichts. Geheime Schlüssel sind für Server, mit einer Rolle und Befugnissen zum Senden.\nEin geheimer Schlüssel wird einmal gezeigt. Ein Widerruf wirkt in Sekunden.',
    users: 'Wer sich anmelden darf und was sie dürfen. Eine Einladung macht einen Link, der einmal gilt, drei Tage lang; geben Sie ihn selbst weiter.\nGeben Sie jedem die kleinste Rolle, die reicht.',
    account:
        'Ihre E-Mail-Adresse, Ihr Passwort und die Browser, in denen Sie angemeldet sind. Beenden Sie eine Sitzung, die Sie nicht kennen, und ändern Sie dann Ihr Passwort.',
    welcome:
        'Sie kamen über einen Link, der einmal gilt. Legen Sie ein Passwort fest, um jederzeit wiederzukommen, oder machen Sie ohne weiter.',
    audit: 'Jede Änderung: von wem, wann, und was vorher und nachher war. Auch abgelehnte Anmeldungen, Exporte und nachgeschlagene Besucher stehen hier; Zeilen über Benutzer und Anmeldungen sehen nur Admins.\nFiltern Sie danach, wer, was und wann; die Adresse der Seite behält es. Niemand kann eine Zeile ändern oder löschen. Änderungen bleiben für immer; Ablehnungen und Nachgeschlagenes werden nach einem halben Jahr vergessen, oder wie der Server es vorgibt.',
    live: 'Die Ereignisse der letzten Stunde, wie sie kommen, das neueste zuerst, jedes mit dem, was es bewirkte: für welche Metriken welcher Kampagne es zählt, oder warum nicht.\nGeben Sie Ihre eigene Besucher-ID ein, um einen Besuch zu verfolgen, oder sehen Sie nur, was nicht zählte.',
    quality:
        'Ist, was ankommt, wie es sein soll? Ereignisse am Tag nach Namen, wie viele Wert und Währung haben, und wann jedes zuletzt kam.\nDarunter steht nach Gründen, was abgelehnt oder ausgelassen wurde, mit den letzten Beispielen. Sehen Sie zuerst hier nach, wenn Ergebnisse zu niedrig scheinen.',
    rejected:
        'Die neuesten abgelehnten Ereignisse, wie sie kamen, mit dem Grund. Der Grund nennt das Feld; beheben Sie ihn dort, wo das Ereignis entsteht, und senden Sie es noch einmal.\n„Datenqualität“ zählt sie nach Gründen.',
    imports:
        'Frühere Experimente, die aus Dateien gelesen wurden. Jeder Import hat eine eigene Kampagne, berührt nichts anderes und lässt sich als Ganzes zurücknehmen.\nGelesen werden Dateien auf der Kommandozeile: „mete import --check“ sagt zuerst, was darin steht.',
    jobs: 'Was lange dauert und im Hintergrund berechnet wird: Proben eines Tests an Ihren eigenen Besuchern, Verteilungen, Überschneidungen von Kampagnen.\nEin Auftrag, der wartet oder läuft, lässt sich beenden. Beendete bleiben 30 Tage.',
};
export default pages;
