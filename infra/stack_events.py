"""What CloudFormation says about a deployment that failed, in a sentence."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any


def first_failure(cloudformation: Any, stack: str, began: datetime) -> str:
    """The event that came first is the cause; the later ones are cancelled for its sake."""
    events = list(_events_since(cloudformation, stack, began))
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return _taken_back(events)
    first = min(failed, key=lambda event: event["Timestamp"])
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'it gave no reason')}"


def _taken_back(events: list[dict[str, Any]]) -> str:
    """Why a whole update was taken back: an alarm went off while it was watched."""
    reasons = [
        event["ResourceStatusReason"]
        for event in reversed(events)
        if "ROLLBACK_IN_PROGRESS" in event["ResourceStatus"] and event.get("ResourceStatusReason")
    ]
    return f"it was taken back: {reasons[0]}" if reasons else "it gave no reason"


def _events_since(cloudformation: Any, stack: str, began: datetime) -> Iterator[dict[str, Any]]:
    """Newest first, as CloudFormation gives them: those of earlier deployments are no concern."""
    following: dict[str, str] = {}
    while True:
        page = cloudformation.describe_stack_events(StackName=stack, **following)
        for event in page["StackEvents"]:
            if event["Timestamp"] < began:
                return
            yield event
        if "NextToken" not in page:
            return
        following = {"NextToken": page["NextToken"]}


def has_to_go(cloudformation: Any, stack: str, status: str) -> str:
    """What to do with a stack that was never whole, and what it leaves behind."""
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    left = [
        f"{resource['LogicalResourceId']} {resource['PhysicalResourceId']}"
        for resource in resources
        if resource.get("PhysicalResourceId") and resource["ResourceStatus"] != "DELETE_COMPLETE"
    ]
    sentence = (
        f"The stack {stack} is in {status} and can take no change: delete it first, with "
        f"`aws cloudformation delete-stack --stack-name {stack}`, and deploy again"
    )
    return f"{sentence}; it leaves behind, protected: {', '.join(left)}." if left else f"{sentence}."
