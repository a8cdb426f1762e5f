"""The acceptor that `rosetta_spec.spec.acceptor_generator` has generated of some rules."""

from rosetta_spec.fast.predicates import (
    have_no_overlap,
    have_no_repeats,
    is_at_most,
    is_filled_in,
    is_written_time,
    numbers_in_order,
    same_clock,
    times_in_order,
)

REQUIRED_KEYS = ["annotationRequestId", "poolName"]
KEYS_OF_REQUEST = frozenset(
    [
        "$schema",
        "annotationRequestId",
        "poolName",
        "sampleType",
        "sampleCount",
        "samplingRatio",
        "samplingQuantity",
        "subCondition",
        "interceptionMode",
        "interceptionFrame",
        "sequenceLength",
        "interceptionBoundary",
    ]
)
KEYS_OF_THE_SUBCONDITION = frozenset(
    [
        "conditionJoinType",
        "workPoolFilterType",
        "workPoolFilter",
        "userNameFilter",
        "operationFilterType",
        "noNeedAnnotate",
        "haveIssue",
        "rejectionTime",
        "taskId",
        "startTime",
        "endTime",
    ]
)
KEYS_OF_ITEM_OF_THE_INTERCEPTIONBOUNDARY = frozenset(["start", "end"])


def accepts(request: object) -> bool:
    """Whether there is certainly nothing to report of a request, a value of a quick reader."""
    if not (type(request) is dict):
        return False
    if not (None not in request.values() and request.keys() <= KEYS_OF_REQUEST):
        return False
    the__schema = request.get("$schema")
    if the__schema is not None:
        if not (type(the__schema) is str and the__schema == the__schema.strip()):
            return False
    the_annotationRequestId = request.get("annotationRequestId")
    if not (
        type(the_annotationRequestId) is str
        and the_annotationRequestId == the_annotationRequestId.strip()
        and is_filled_in(the_annotationRequestId)
        and the_annotationRequestId.strip() != ""
    ):
        return False
    if not (len(the_annotationRequestId) <= 63 or len(the_annotationRequestId.encode()) <= 255):
        return False
    the_poolName = request.get("poolName")
    if not (
        type(the_poolName) is str
        and the_poolName == the_poolName.strip()
        and is_filled_in(the_poolName)
        and the_poolName.strip() != ""
    ):
        return False
    the_sampleType = request.get("sampleType")
    if the_sampleType is not None:
        if not (
            (type(the_sampleType) is int or type(the_sampleType) is float)
            and the_sampleType % 1 == 0
            and the_sampleType in (1, 2)
        ):
            return False
    the_sampleCount = request.get("sampleCount")
    if the_sampleCount is not None:
        if not (
            (type(the_sampleCount) is int or type(the_sampleCount) is float)
            and the_sampleCount % 1 == 0
            and the_sampleCount >= 1
        ):
            return False
    the_samplingRatio = request.get("samplingRatio")
    if the_samplingRatio is not None:
        if not (
            (type(the_samplingRatio) is int or type(the_samplingRatio) is float)
            and the_samplingRatio > 0
            and the_samplingRatio <= 1
        ):
            return False
    the_samplingQuantity = request.get("samplingQuantity")
    if the_samplingQuantity is not None:
        if not (
            (type(the_samplingQuantity) is int or type(the_samplingQuantity) is float)
            and the_samplingQuantity % 1 == 0
            and the_samplingQuantity >= 1
        ):
            return False
    the_subCondition = request.get("subCondition")
    if the_subCondition is not None:
        if not (type(the_subCondition) is dict):
            return False
        if not (
            None not in the_subCondition.values()
            and the_subCondition.keys() <= KEYS_OF_THE_SUBCONDITION
        ):
            return False
        the_conditionJoinType = the_subCondition.get("conditionJoinType")
        if the_conditionJoinType is not None:
            if not (
                type(the_conditionJoinType) is str
                and the_conditionJoinType == the_conditionJoinType.strip()
                and the_conditionJoinType in ("and", "or")
            ):
                return False
        the_workPoolFilterType = the_subCondition.get("workPoolFilterType")
        if the_workPoolFilterType is not None:
            if not (
                (type(the_workPoolFilterType) is int or type(the_workPoolFilterType) is float)
                and the_workPoolFilterType % 1 == 0
                and the_workPoolFilterType in (1, 2)
            ):
                return False
        the_workPoolFilter = the_subCondition.get("workPoolFilter")
        if the_workPoolFilter is not None:
            if not (type(the_workPoolFilter) is list and len(the_workPoolFilter) >= 1):
                return False
            for item_of_the_workPoolFilter in the_workPoolFilter:
                if not (
                    type(item_of_the_workPoolFilter) is str
                    and item_of_the_workPoolFilter == item_of_the_workPoolFilter.strip()
                    and is_filled_in(item_of_the_workPoolFilter)
                    and item_of_the_workPoolFilter.strip() != ""
                ):
                    return False
            if not (have_no_repeats(the_workPoolFilter)):
                return False
        the_userNameFilter = the_subCondition.get("userNameFilter")
        if the_userNameFilter is not None:
            if not (type(the_userNameFilter) is list and len(the_userNameFilter) >= 1):
                return False
            for item_of_the_userNameFilter in the_userNameFilter:
                if not (
                    type(item_of_the_userNameFilter) is str
                    and item_of_the_userNameFilter == item_of_the_userNameFilter.strip()
                    and is_filled_in(item_of_the_userNameFilter)
                    and item_of_the_userNameFilter.strip() != ""
                ):
                    return False
            if not (have_no_repeats(the_userNameFilter)):
                return False
        the_operationFilterType = the_subCondition.get("operationFilterType")
        if the_operationFilterType is not None:
            if not (type(the_operationFilterType) is list and len(the_operationFilterType) >= 1):
                return False
            for item_of_the_operationFilterType in the_operationFilterType:
                if not (
                    (
                        type(item_of_the_operationFilterType) is int
                        or type(item_of_the_operationFilterType) is float
                    )
                    and item_of_the_operationFilterType % 1 == 0
                    and item_of_the_operationFilterType in (1, 2, 3)
                ):
                    return False
            if not (have_no_repeats(the_operationFilterType)):
                return False
        the_noNeedAnnotate = the_subCondition.get("noNeedAnnotate")
        if the_noNeedAnnotate is not None:
            if not (the_noNeedAnnotate is True or the_noNeedAnnotate is False):
                return False
        the_haveIssue = the_subCondition.get("haveIssue")
        if the_haveIssue is not None:
            if not (the_haveIssue is True or the_haveIssue is False):
                return False
        the_rejectionTime = the_subCondition.get("rejectionTime")
        if the_rejectionTime is not None:
            if not (
                (type(the_rejectionTime) is int or type(the_rejectionTime) is float)
                and the_rejectionTime % 1 == 0
                and the_rejectionTime >= 0
            ):
                return False
            if not (
                (type(the_rejectionTime) is int or type(the_rejectionTime) is float)
                and the_rejectionTime <= 3
            ):
                return False
        the_taskId = the_subCondition.get("taskId")
        if the_taskId is not None:
            if not (type(the_taskId) is list and len(the_taskId) >= 1):
                return False
            for item_of_the_taskId in the_taskId:
                if not (
                    type(item_of_the_taskId) is str
                    and item_of_the_taskId == item_of_the_taskId.strip()
                    and is_filled_in(item_of_the_taskId)
                    and item_of_the_taskId.strip() != ""
                ):
                    return False
            if not (have_no_repeats(the_taskId)):
                return False
        the_startTime = the_subCondition.get("startTime")
        if the_startTime is not None:
            if not (
                type(the_startTime) is str
                and the_startTime == the_startTime.strip()
                and is_filled_in(the_startTime)
                and is_written_time(the_startTime)
            ):
                return False
        the_endTime = the_subCondition.get("endTime")
        if the_endTime is not None:
            if not (
                type(the_endTime) is str
                and the_endTime == the_endTime.strip()
                and is_filled_in(the_endTime)
                and is_written_time(the_endTime)
            ):
                return False
        if not (
            ("workPoolFilter" in the_subCondition) == ("workPoolFilterType" in the_subCondition)
        ):
            return False
        if not (
            ("userNameFilter" in the_subCondition) == ("operationFilterType" in the_subCondition)
        ):
            return False
        if not (times_in_order(the_subCondition.get("startTime"), the_subCondition.get("endTime"))):
            return False
        if not (same_clock(the_subCondition.get("startTime"), the_subCondition.get("endTime"))):
            return False
        if not (
            "conditionJoinType" in the_subCondition
            or ("workPoolFilter" in the_subCondition or "workPoolFilterType" in the_subCondition)
            + ("userNameFilter" in the_subCondition or "operationFilterType" in the_subCondition)
            + ("noNeedAnnotate" in the_subCondition)
            + ("haveIssue" in the_subCondition)
            + ("rejectionTime" in the_subCondition)
            + ("taskId" in the_subCondition)
            + ("startTime" in the_subCondition or "endTime" in the_subCondition)
            < 2
        ):
            return False
        if not (
            "workPoolFilter" in the_subCondition
            or "workPoolFilterType" in the_subCondition
            or "userNameFilter" in the_subCondition
            or "operationFilterType" in the_subCondition
            or "noNeedAnnotate" in the_subCondition
            or "haveIssue" in the_subCondition
            or "rejectionTime" in the_subCondition
            or "taskId" in the_subCondition
            or "startTime" in the_subCondition
            or "endTime" in the_subCondition
        ):
            return False
    the_interceptionMode = request.get("interceptionMode")
    if the_interceptionMode is not None:
        if not (
            (type(the_interceptionMode) is int or type(the_interceptionMode) is float)
            and the_interceptionMode % 1 == 0
            and the_interceptionMode in (1, 2, 3, 4, 5, 6)
        ):
            return False
    the_interceptionFrame = request.get("interceptionFrame")
    if the_interceptionFrame is not None:
        if not (
            (type(the_interceptionFrame) is int or type(the_interceptionFrame) is float)
            and the_interceptionFrame % 1 == 0
            and the_interceptionFrame >= 1
        ):
            return False
    the_sequenceLength = request.get("sequenceLength")
    if the_sequenceLength is not None:
        if not (
            (type(the_sequenceLength) is int or type(the_sequenceLength) is float)
            and the_sequenceLength % 1 == 0
            and the_sequenceLength >= 1
        ):
            return False
    the_interceptionBoundary = request.get("interceptionBoundary")
    if the_interceptionBoundary is not None:
        if not (type(the_interceptionBoundary) is list and len(the_interceptionBoundary) >= 1):
            return False
        for item_of_the_interceptionBoundary in the_interceptionBoundary:
            if not (type(item_of_the_interceptionBoundary) is dict):
                return False
            if not (
                None not in item_of_the_interceptionBoundary.values()
                and item_of_the_interceptionBoundary.keys()
                <= KEYS_OF_ITEM_OF_THE_INTERCEPTIONBOUNDARY
            ):
                return False
            the_start = item_of_the_interceptionBoundary.get("start")
            if not (
                (type(the_start) is int or type(the_start) is float)
                and the_start % 1 == 0
                and the_start >= 0
            ):
                return False
            the_end = item_of_the_interceptionBoundary.get("end")
            if not (
                (type(the_end) is int or type(the_end) is float)
                and the_end % 1 == 0
                and the_end >= 0
            ):
                return False
            if not (
                numbers_in_order(
                    item_of_the_interceptionBoundary.get("start"),
                    item_of_the_interceptionBoundary.get("end"),
                )
            ):
                return False
        if not (have_no_overlap(the_interceptionBoundary, "start", "end")):
            return False
    if not (("samplingRatio" in request) + ("samplingQuantity" in request) <= 1):
        return False
    if not (
        "interceptionFrame" in request or request.get("interceptionMode") not in (1, 2, 3, 4, 5)
    ):
        return False
    if not ("sequenceLength" in request or request.get("interceptionMode") not in (6,)):
        return False
    if not ("interceptionBoundary" in request or request.get("interceptionMode") not in (5,)):
        return False
    if not (is_at_most(request.get("samplingQuantity"), request.get("sampleCount"))):
        return False
    if not (
        ("interceptionFrame" not in request or request.get("interceptionMode") in (1, 2, 3, 4, 5))
        and ("sequenceLength" not in request or request.get("interceptionMode") in (6,))
        and ("interceptionBoundary" not in request or request.get("interceptionMode") in (5,))
    ):
        return False
    return True


#: For each place of the request schema a test that is true only if a value is valid there, except
#: for what is inside it.
VALUE_TESTS = {
    (): lambda value: type(value) is dict,
    ("$schema",): lambda value: type(value) is str and value == value.strip(),
    ("annotationRequestId",): lambda value: (
        type(value) is str
        and value == value.strip()
        and is_filled_in(value)
        and value.strip() != ""
    ),
    ("poolName",): lambda value: (
        type(value) is str
        and value == value.strip()
        and is_filled_in(value)
        and value.strip() != ""
    ),
    ("sampleType",): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value in (1, 2)
    ),
    ("sampleCount",): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 1
    ),
    ("samplingRatio",): lambda value: (
        (type(value) is int or type(value) is float) and value > 0 and value <= 1
    ),
    ("samplingQuantity",): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 1
    ),
    ("subCondition",): lambda value: type(value) is dict,
    ("subCondition", "conditionJoinType"): lambda value: (
        type(value) is str and value == value.strip() and value in ("and", "or")
    ),
    ("subCondition", "workPoolFilterType"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value in (1, 2)
    ),
    ("subCondition", "workPoolFilter"): lambda value: type(value) is list and len(value) >= 1,
    ("subCondition", "workPoolFilter", "*"): lambda value: (
        type(value) is str
        and value == value.strip()
        and is_filled_in(value)
        and value.strip() != ""
    ),
    ("subCondition", "userNameFilter"): lambda value: type(value) is list and len(value) >= 1,
    ("subCondition", "userNameFilter", "*"): lambda value: (
        type(value) is str
        and value == value.strip()
        and is_filled_in(value)
        and value.strip() != ""
    ),
    ("subCondition", "operationFilterType"): lambda value: type(value) is list and len(value) >= 1,
    ("subCondition", "operationFilterType", "*"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value in (1, 2, 3)
    ),
    ("subCondition", "noNeedAnnotate"): lambda value: value is True or value is False,
    ("subCondition", "haveIssue"): lambda value: value is True or value is False,
    ("subCondition", "rejectionTime"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 0
    ),
    ("subCondition", "taskId"): lambda value: type(value) is list and len(value) >= 1,
    ("subCondition", "taskId", "*"): lambda value: (
        type(value) is str
        and value == value.strip()
        and is_filled_in(value)
        and value.strip() != ""
    ),
    ("subCondition", "startTime"): lambda value: (
        type(value) is str
        and value == value.strip()
        and is_filled_in(value)
        and is_written_time(value)
    ),
    ("subCondition", "endTime"): lambda value: (
        type(value) is str
        and value == value.strip()
        and is_filled_in(value)
        and is_written_time(value)
    ),
    ("interceptionMode",): lambda value: (
        (type(value) is int or type(value) is float)
        and value % 1 == 0
        and value in (1, 2, 3, 4, 5, 6)
    ),
    ("interceptionFrame",): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 1
    ),
    ("sequenceLength",): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 1
    ),
    ("interceptionBoundary",): lambda value: type(value) is list and len(value) >= 1,
    ("interceptionBoundary", "*"): lambda value: type(value) is dict,
    ("interceptionBoundary", "*", "start"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 0
    ),
    ("interceptionBoundary", "*", "end"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 0
    ),
}
