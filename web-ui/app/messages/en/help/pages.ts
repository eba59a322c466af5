// SPDX-License-Identifier: GPL-3.0-or-later
// What each page is for and how it is used, a paragraph a line.
export default {
    campaigns:
        'All campaigns of this environment: what runs, what is planned, what was learnt. Each row says how far an experiment is and what its results advise.\n"Needs attention" names campaigns that somebody should look at: a broken split, a harmed guardrail, nobody who comes.\nOpen a campaign for its results; a draft opens where it was left. Numbers without a verdict are too few to say anything.',
    newCampaign:
        'Give the campaign a name and a kind: an experiment compares variants, a rollout gives one variant to more and more visitors, a holdout keeps some visitors out of everything else.\nIt begins as a draft. Nobody sees it before it is started.',
    setup: 'Five steps, in any order: what you want to find out, who takes part, what the variants change, how many visitors it needs, and a last check with previews.\nDrafts are saved as you type. A step that still lacks something says so.\nA running campaign is changed all at once: you see first what would change, and whether a new phase begins.',
    results:
        'The verdict stands on top: what is known, how sure it is, what it is worth, and what to do next. Everything below is what it was made of.\nRead warnings first. If the split is broken, nothing else on the page can be believed.\nAn interval that touches no zero means that there is a difference. "Ship" ends the experiment and gives the winner to everybody; "How it was computed" shows the sums behind each figure.',
    planner:
        'How many visitors does an experiment need, and how many days is that? Start from a metric that is measured already, or from your own numbers.\nThe smaller the effect you want to see, the more visitors it takes: half the effect, four times as many. Plan at least one whole week.',
    visitors:
        'Look a visitor up by id: what it gets at this moment in each campaign, step by step, and every event that was kept, with what it did to results.\nUse it to find out why somebody sees something, or why a purchase did not count. A visitor who is none, such as a load test, can be taken out of all results here.',
    install:
        'The line that goes into your site, for each kind of site. It decides before the page is painted, and reports what visitors do.\nPut it in, open your site, and wait for the light: it turns green with the first event. The checklist then leads to the first experiment.',
    metrics:
        'What experiments are measured by. Five metrics come with each environment, on the usual events of a shop; make your own on any event and field.\nA metric can be capped, so that one huge order decides nothing, and can have a window of hours after the exposure.',
    dimensions:
        'What results are broken down by: device, country, new or returning, or a property of your own that pages send with the exposure.\nA campaign keeps the dimensions there were when it first started. Values outside of the list are counted together.',
    flags: 'Named values that pages, apps and servers ask for. A variant sets flags; without a campaign they have their default.\nA flag keeps its type. It can be archived when no campaign sets it any more.',
    layers: 'Campaigns of one layer never share a visitor: use one where two experiments would touch the same thing.\nEach campaign of a layer gets a share of its visitors. Campaigns outside of layers are independent of each other, and a holdout stands above all layers.',
    environments:
        'Each site or stage has an environment, with its own campaigns, flags, keys, currency and time zone. Choose one on top of the page.\nThe panic switch gives everybody the control at once, until it is turned off.',
    currencies:
        "Orders may come in any currency. They are converted into the environment's currency at the rate of their day; without a rate the order counts, its value does not.\nA file of the European Central Bank can be taken as it is. Rates put in later mend the orders before.",
    keys: 'Who may ask and send. A client key stands in pages and is public: it decides and sends events, and nothing else. Secret keys are for servers, with a role, and scopes for what they may send.\nA secret key is shown once. Revoking it takes effect within seconds.',
    users: 'Who may sign in, and what they may do. An invitation makes a link that works once, for three days; hand it on yourself.\nGive each person the smallest role that is enough.',
    account:
        'Your e-mail address, your password, and the browsers you are signed in with. End a session that you do not know, and change your password then.',
    welcome: 'You came by a link that works once. Set a password to come back at any time, or go on without one.',
    audit: 'Every change: who made it, when, and what was before and after. Refused sign-ins, exports and look-ups of visitors stand here too; lines about users and sign-ins are for admins.\nFilter by who, what and when; the address of the page keeps it. Nobody can change or delete a line. Changes stay for good; refusals and look-ups are forgotten after half a year, or what the server is set to.',
    live: 'The events of the last hour as they arrive, the newest first, each with what it did: for which metrics of which campaign it counts, or why not.\nEnter your own visitor id to follow one visit, or look only at events that did not count.',
    quality:
        'Is what arrives as it should be? Events a day by name, how many have a value and a currency, exposures without a decision, and when each was last seen.\nBelow stands what was refused or left out, by reason, with the last samples. Look here first when results seem too low.',
    rejected:
        'The newest events that were refused, as they came, with the reason. The reason names the field; mend it where the event is made, and send it again.\n"Data quality" counts them by reason.',
    imports:
        'Past experiments that were read from files. Each import has a campaign of its own, touches nothing else, and can be taken back as a whole.\nFiles are read by the command line: "mete import --check" says first what is in one.',
    jobs: 'What takes long and is computed in the background: proofs of a test on your own visitors, distributions, overlaps of campaigns.\nA job that waits or runs can be ended. Ended ones are kept for 30 days.',
} as const;
