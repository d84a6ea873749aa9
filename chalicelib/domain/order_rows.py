"""The rows of the transition table for the work order: key, materials, bill, signatures (B9, B10)."""

from chalicelib.domain.case.case import GOES_ON, State
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import DESK, MANAGERS, WORKERS, Role
from chalicelib.domain.dispatch import responsibility
from chalicelib.domain.transition import SAME, Transition, row
from chalicelib.domain.work import (
    acceptance,
    acceptance_forms,
    charges,
    claims,
    common_acceptance,
    cost_forms,
    costs,
    free,
    measures,
    order,
    order_forms,
    plan_check,
    sign_off,
)

S = State
AT_HAND = {S.SIGNED, S.WORKING}
WITH_A_COST = {*GOES_ON, S.CLOSED, S.ARCHIVED}
"""Where what it cost whoever pays instead can be put right: from round to round, and after the end."""
ON_THE_BILL = {S.COMPLETED, S.CLOSED, S.ARCHIVED}
"""Where a bill is written: once the work is done, for until then its agreement can end (G11)."""
LEADERS = frozenset({Role.SUPERVISOR, *MANAGERS})
"""Who signs a refusal beside whoever heard it: never the head whose department quoted the price (B10, S4)."""
COSIGNERS = frozenset({Role.DEPARTMENT_HEAD, Role.SUPERVISOR, *MANAGERS})
"""Who signs a result, or stands in for its head (S0)."""

ANSWERED = {SAME, S.CLOSED, S.REGISTERED}
"""Where a refusal leads: a new round, or the end where none is left, which may wait for a reply."""

# fmt: off
ROWS: tuple[tuple[str, Transition], ...] = (
    row("sign_agreement", {S.PROPOSED}, {S.WORKING}, WORKERS, order_forms.SignedForm,
         charges.sign_agreement, free.why_no_agreement_signed),
    row("refuse_on_site", {S.PROPOSED}, {S.SIGNED}, WORKERS, order_forms.RefusedForm,
         charges.refuse_on_site, responsibility.why_not_responsible),
    row("take_key", GOES_ON, {SAME}, DESK, order_forms.KeyForm, order.take_key, order.why_no_key_taken),
    row("return_key", set(S), {SAME}, DESK, order_forms.KeyBackForm, order.return_key,
         order.why_no_key_returned),
    row("compare_item", AT_HAND, {SAME}, WORKERS, order_forms.ItemForm, order.compare_item,
         order.why_not_compared),
    row("use_material", {*AT_HAND, S.COMPLETED}, {SAME}, WORKERS, order_forms.MaterialForm,
         order.use_material, order.why_no_material_used),
    row("bill", ON_THE_BILL, {SAME}, WORKERS, order_forms.BillForm, charges.bill, charges.why_not_billed),
    row("record_payment", set(S), {SAME}, DESK, order_forms.PaymentForm, charges.record_payment,
         charges.why_not_paid),
    row("give_back", set(S), {SAME}, DESK, order_forms.PaymentForm, charges.give_back,
         charges.why_not_given_back),
    row("sign_account", set(S), {SAME}, DESK, NoteForm, charges.sign_account,
         charges.why_account_not_signed),
    row("refuse_payment", {S.WORKING, *ON_THE_BILL}, {SAME}, WORKERS, order_forms.RefusedForm,
         charges.refuse_payment, charges.why_no_payment_refused),
    row("record_cost", {*AT_HAND, S.COMPLETED, S.CLOSED, S.ARCHIVED}, {SAME}, WORKERS, cost_forms.CostForm,
         costs.record_cost, costs.why_no_cost_recorded),
    row("price_cost", WITH_A_COST, {SAME}, WORKERS, cost_forms.PriceCostForm, costs.price_cost,
         costs.why_no_cost_priced),
    row("strike_cost", WITH_A_COST, {SAME}, WORKERS, cost_forms.StrikeCostForm, costs.strike_cost,
         costs.why_no_cost_struck),
    row("claim_cost", WITH_A_COST, {SAME}, DESK, cost_forms.ClaimForm, claims.claim_cost,
         claims.why_not_claimed),
    row("record_claim_payment", set(S), {SAME}, DESK, order_forms.PaymentForm, claims.record_claim_payment,
         claims.why_claim_not_paid),
    row("withdraw_claim", set(S), {SAME}, DESK, cost_forms.WithdrawClaimForm, claims.withdraw_claim,
         claims.why_no_claim_withdrawn),
    row("sign_refusal", set(S), {SAME}, LEADERS, NoteForm, charges.sign_refusal,
         charges.why_refusal_not_signed),
    row("sign_off_result", {S.WORKING}, {S.COMPLETED}, COSIGNERS, sign_off.SignOffForm, sign_off.sign_off,
         sign_off.why_not_signed_off),
    row("return_result", {S.WORKING}, {SAME}, COSIGNERS, ReasonForm, sign_off.send_back,
         sign_off.why_not_decided),
    row("confirm_plan", AT_HAND, {S.PROPOSED}, DESK, plan_check.ConfirmPlanForm, plan_check.confirm,
         plan_check.why_not_confirmed),
    row("return_plan", AT_HAND, {SAME}, DESK, ReasonForm, plan_check.send_back, plan_check.why_not_decided),
    row("accept_work", acceptance.ACCEPTED_IN, {SAME}, {Role.RESIDENT, *WORKERS},
         acceptance_forms.AcceptForm, acceptance.accept, acceptance.why_not_accepted),
    row("refuse_work", {S.COMPLETED}, ANSWERED, {Role.RESIDENT}, ReasonForm, acceptance.refuse,
         acceptance.why_not_refused),
    row("record_refused_work", {S.COMPLETED}, ANSWERED, WORKERS, order_forms.RefusedForm,
         acceptance.record_refusal, acceptance.why_not_refused),
    row("nobody_home", {S.COMPLETED}, {SAME}, WORKERS, acceptance_forms.NobodyHomeForm,
         acceptance.nobody_home, acceptance.why_not_refused),
    row("set_acceptance_day", acceptance.ACCEPTED_IN, {SAME}, DESK, acceptance_forms.AcceptanceDayForm,
         acceptance.set_day, acceptance.why_no_day_set),
    row("accept_common_work", acceptance.ACCEPTED_IN, {SAME}, DESK, common_acceptance.SeenForm,
         common_acceptance.accept_common, common_acceptance.why_not_seen),
    row("refuse_common_work", {S.COMPLETED}, {S.REGISTERED}, DESK, ReasonForm,
         common_acceptance.refuse_common, common_acceptance.why_not_seen_wrong),
    row("give_up_acceptance", {S.CLOSED}, {SAME}, LEADERS, ReasonForm, common_acceptance.give_up,
         common_acceptance.why_not_given_up),
    row("plan_measure", {*AT_HAND, S.PROPOSED, S.COMPLETED, S.CLOSED}, {SAME}, WORKERS,
         measures.PlanMeasureForm, measures.plan, measures.why_not_planned),
    row("finish_measure", set(S) - {S.WITHDRAWN}, {SAME}, WORKERS, measures.FinishMeasureForm,
         measures.finish, measures.why_not_finished),
)
# fmt: on
"""The rows, in the order in which they are offered; lifecycle.py has them in its table."""
