"""A question about a policy becomes a verdict, the clauses it rests on, and what would change it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intents.features import Reading, read
from intents.linear import rank
from intents.model import Kind, Route, Routed, Scored
from policy_kb.fact import given, missing
from policy_kb.index import SILENT, Found
from policy_kb.knowledge import Knowledge
from policy_kb.model import Cited, Clause, Fact, Option, Policy, Silence, Verdict
from policy_kb.weigh import MOST, cite, lead_with, strict_until_known, stricter_first, told, verdict

FORWARD = 0.3
"""What a clause gains when it leads to the form of the report or request that was recognised."""

GATE = (0.75, 1.09, 1.16, -1.93)
"""Logistic weights of: how many times more like a question than like nothing of ours (logarithm), the chance of the
best clause, that of the best topic, constant. Fitted on each hand's messages with what the other hands taught."""

OPEN = -1.0
"""Below this the policy is not cited; of another hand's questions, hard ones, 7 % fall below it, of what staff ask in a
week 1 to 2 %, of what is out of scope 88 %."""

GATE_BARE = (0.24, -1.052, 0.494, 0.181, -0.622)
"""The same for a policy that nobody wrote phrasings for, with how near the best clause is in place of the topic, and
once more how much more like a question, where what is strange to us counts as far as the policy itself is strange.
Fitted on documents of 30 subjects, each asked of a bridge learned from the others."""

OPEN_BARE = -1.71
"""Below this such a policy is not cited; of its own questions 3 % fall below it, of what is out of scope half."""

TOLD_BARE = (-0.307, -0.316, 0.438, -0.219)
"""Logistic weights by which a message to such a policy is a question rather than a report: how many times more like a
report than like a question, and than like nothing of ours (logarithms), how near the best clause is, constant. Fitted
on questions on ten documents, and on reports by hands left out."""

ASKED_BARE = -0.34
"""Below this it is a report; of reports 90 % fall below it, of questions 13 %."""

INSTEAD = {"DSL": "head", "head": "chair"}
"""Who receives a report that may be about the one who would have received it."""

BANNED = 0.25
"""The score from which a clause that forbids what is asked for answers the request."""

SILENT_FROM = 0.4
"""The chance from which a question is taken to be about what the policy does not settle."""

ASKED = Routed(Route.ANSWER, "", urgent=False, confidence=1.0, asked=1.0)
"""A question that was chosen from a list: nothing about it is in doubt."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the policy says to one message.

    `silence` where it does not settle it, `fact` where one is missing; `ask` is the role to go to, `passed_over` the
    role that would receive a report but that the message names, `named` all the roles that it names.
    """

    policy: Policy
    route: Route
    urgent: bool
    confidence: float
    verdict: Verdict | None = None
    intent: str = ""
    cited: tuple[Cited, ...] = ()
    condition: str = ""
    silence: Silence | None = None
    fact: Fact | None = None
    actions: tuple[Kind, ...] = ()
    ask: str = ""
    passed_over: str = ""
    named: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()


def answer(knowledge: Knowledge, policy_id: str, text: str) -> Answer:
    """Answer one message from one policy; raises PolicyError where there is no such policy."""
    policy = knowledge.policy(policy_id)
    message = read(text)
    routed = knowledge.router.route(message)
    chances = knowledge.topics.chances(message)
    topics = rank(knowledge.topics.labels, chances, most=30)
    found = knowledge.index(policy).find(message, chances, most=2 * MOST + len(policy.silences))
    routed = _asked_or_told(knowledge, routed, found, message)
    ranked: Sequence[Scored] = found.ranked
    if not message.words or _out_of_scope(routed, found, topics):
        return Answer(policy, Route.NONE, routed.urgent, routed.confidence, ask=policy.ask)
    if routed.route is Route.NONE:
        routed = replace(routed, route=Route.ANSWER)
    if routed.route is Route.APPROVAL and _forbidden(policy, routed.kind, ranked[0]):
        routed = replace(routed, route=Route.ANSWER, kind="")
    if routed.kind:
        ranked = _led_by_kind(policy, routed.kind, ranked)
    answered = _from_clauses(knowledge, policy, routed, ranked, topics, found)
    if answered.fact and (option := given(answered.fact, message)):
        return settle(knowledge, answered, option)
    if answered.fact and told(answered.cited[0].clause, found.said):
        return replace(answered, fact=None, verdict=verdict(answered.cited, None, found))
    return answered


def about(knowledge: Knowledge, policy_id: str, intent: str) -> Answer:
    """What the policy says on an intent as a whole: the clauses mainly about it first, the strictest leading."""
    policy = knowledge.policy(policy_id)
    named = [clause for clause in policy.clauses if intent in clause.intents]
    named.sort(key=lambda clause: (clause.intents.index(intent), clause.verdict.strictness))
    silent = [SILENT + intent for silence in policy.silences if silence.intent == intent]
    ranked = [Scored(label, 1.0) for label in [*silent, *(clause.id for clause in named)]]
    if not ranked:
        return Answer(policy, Route.NONE, urgent=False, confidence=1.0, intent=intent, ask=policy.ask)
    return _from_clauses(knowledge, policy, ASKED, ranked, [Scored(intent, 1.0)])


def settle(knowledge: Knowledge, found: Answer, option: Option) -> Answer:
    """The answer once the missing fact is known."""
    cited = lead_with(found.policy, option.clauses, found.cited)
    lead = cited[0].clause
    return replace(
        found,
        route=Route.ANSWER,
        silence=None,
        verdict=option.verdict,
        cited=cited,
        condition=option.condition or lead.condition,
        fact=None,
        actions=() if option.verdict is Verdict.YES else _actions(knowledge, ASKED, lead),
        ask=lead.ask or found.policy.ask,
    )


def _asked_or_told(knowledge: Knowledge, routed: Routed, found: Found, message: Reading) -> Routed:
    """For a policy that nobody wrote phrasings for: a question where its clauses are near enough.

    What is urgent stays a report, and where in doubt the answer offers the report's button.
    """
    if found.near is None or routed.urgent or routed.route not in (Route.ANSWER, Route.DISCLOSURE):
        return routed
    if _weighed(TOLD_BARE, (routed.told, routed.told + routed.asked, found.near)) >= ASKED_BARE:
        return replace(routed, route=Route.ANSWER, kind="")
    kind = knowledge.router.kind(message, Route.DISCLOSURE)
    return replace(routed, route=Route.DISCLOSURE, kind=kind, report=kind)


def _out_of_scope(routed: Routed, found: Found, topics: Sequence[Scored]) -> bool:
    if routed.route in (Route.DISCLOSURE, Route.APPROVAL):
        return False
    if found.near is None:
        return _weighed(GATE, (routed.asked, found.ranked[0].score, topics[0].score)) < OPEN
    none = 1 / (1 + math.exp(routed.asked))
    own = math.log((1 - none + found.strange * none + 1e-3) / ((1 - found.strange) * none + 1e-3))
    return _weighed(GATE_BARE, (routed.asked, found.ranked[0].score, found.near, own)) < OPEN_BARE


def _weighed(weights: Sequence[float], seen: Sequence[float]) -> float:
    """What is seen, weighed, with the constant that stands last among the weights."""
    return sum(weight * value for weight, value in zip(weights, (*seen, 1.0), strict=True))


def _forbidden(policy: Policy, kind: str, best: Scored) -> bool:
    """Whether what is asked for is plainly banned: nobody is sent to ask for what the policy forbids."""
    clause = policy.clause(best.label)
    return clause is not None and clause.verdict is Verdict.NO and clause.form != kind and best.score >= BANNED


def _led_by_kind(policy: Policy, kind: str, ranked: Sequence[Scored]) -> list[Scored]:
    """For a report or a request the clauses that lead to its form move forward."""
    scores = {scored.label: scored.score for scored in ranked if not scored.label.startswith(SILENT)}
    for clause in policy.clauses:
        if kind in (clause.disclosure, clause.form):
            scores[clause.id] = scores.get(clause.id, 0.0) + FORWARD
    order = sorted(scores, key=lambda label: -scores[label])
    return [Scored(label, scores[label]) for label in order]


def _from_clauses(
    knowledge: Knowledge,
    policy: Policy,
    routed: Routed,
    ranked: Sequence[Scored],
    topics: Sequence[Scored],
    found: Found | None = None,
) -> Answer:
    silence = _silence(policy, ranked[0], routed)
    cited = cite(policy, silence.nearest if silence else (), ranked)
    if not silence:
        cited = stricter_first(cited)
    intent = silence.intent if silence else _main_intent(cited[0].clause, topics)
    fact = None if silence or routed.route is not Route.ANSWER else missing(policy, cited[0].clause, intent)
    if fact:
        cited = strict_until_known(fact, cited)
    lead = cited[0].clause
    ask, passed_over = _whom(knowledge, policy, routed, silence, cited)
    return Answer(
        policy=policy,
        route=routed.route,
        urgent=routed.urgent,
        confidence=min(1.0, max(0.0, ranked[0].score)) * routed.confidence,
        verdict=_verdict(routed, silence, fact, cited, found),
        intent=intent,
        cited=cited,
        condition=silence.text if silence else lead.condition,
        silence=silence,
        fact=fact,
        actions=_actions(knowledge, routed, lead),
        ask=ask,
        passed_over=passed_over,
        named=routed.named,
        others=_others(policy, intent, topics),
    )


def _silence(policy: Policy, best: Scored, routed: Routed) -> Silence | None:
    if routed.route is not Route.ANSWER or not best.label.startswith(SILENT) or best.score < SILENT_FROM:
        return None
    return next(silence for silence in policy.silences if SILENT + silence.intent == best.label)


def _main_intent(clause: Clause, topics: Sequence[Scored]) -> str:
    asked = {scored.label: scored.score for scored in topics}
    return max(clause.intents, key=lambda intent: asked.get(intent, -1.0), default="")


def _verdict(
    routed: Routed,
    silence: Silence | None,
    fact: Fact | None,
    cited: Sequence[Cited],
    found: Found | None,
) -> Verdict | None:
    if routed.route is not Route.ANSWER:
        return None
    return Verdict.DEPENDS if silence else verdict(cited, fact, found)


def _actions(knowledge: Knowledge, routed: Routed, lead: Clause) -> tuple[Kind, ...]:
    """The forms it leads to: of a report only its own, or a worried person is sent the wrong way."""
    wanted = [routed.kind]
    if routed.route is not Route.DISCLOSURE:
        wanted += [lead.disclosure or routed.report, lead.form]
    return tuple(dict.fromkeys(knowledge.shared.kinds[name] for name in wanted if name))


def _whom(
    knowledge: Knowledge, policy: Policy, routed: Routed, silence: Silence | None, cited: Sequence[Cited]
) -> tuple[str, str]:
    """The role to go to, and of a report the role that it would have gone to but that it may be about."""
    if routed.route is not Route.DISCLOSURE:
        return (silence.ask if silence else cited[0].clause.ask) or policy.ask, ""
    told = (other.clause.ask for other in cited if other.clause.disclosure == routed.kind)
    first = next((role for role in told if role in INSTEAD), knowledge.shared.kinds[routed.kind].to)
    to = first
    while to in routed.named and to in INSTEAD:
        to = INSTEAD[to]
    return to, first if to != first else ""


def _others(policy: Policy, intent: str, topics: Sequence[Scored]) -> tuple[str, ...]:
    covered = policy.covers()
    return tuple(scored.label for scored in topics if scored.label != intent and scored.label in covered)[:2]
