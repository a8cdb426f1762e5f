"""Which of our rules may have something to say of a request, as `rosetta_spec.spec.acceptor_generator` has written it."""

from __future__ import annotations

from rosetta_spec.fast.predicates import (
    have_no_overlap,
    have_no_repeats,
    is_written_time,
    numbers_in_order,
    same_clock,
    times_in_order,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.fast.formats import Json

OF_MEANT = frozenset(
    {
        "RS112",
        "RS201",
        "RS202",
        "RS203",
        "RS204",
        "RS205",
        "RS206",
        "RS301",
        "RS302",
        "RS303",
        "RS304",
        "RS401",
        "RS402",
        "RS403",
        "RS404",
        "RS406",
    }
)
OF_WRITTEN = frozenset({"RS405"})
KEYS_OF_THE_SUBCONDITION = frozenset(
    {
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
    }
)
KEYS_OF_ITEM_OF_THE_INTERCEPTIONBOUNDARY = frozenset({"start", "end"})


def of_meant(request: Json) -> dict[str, None]:
    """Suspect rules that may have something to say of what they understand of an object."""
    codes: dict[str, None] = {}
    if not (("samplingRatio" in request) + ("samplingQuantity" in request) <= 1):
        codes["RS201"] = None
    if not (
        "interceptionFrame" in request or request.get("interceptionMode") not in (1, 2, 3, 4, 5)
    ):
        codes["RS204"] = None
    if not ("sequenceLength" in request or request.get("interceptionMode") not in (6,)):
        codes["RS205"] = None
    if not ("interceptionBoundary" in request or request.get("interceptionMode") not in (5,)):
        codes["RS206"] = None
    if not (
        ("interceptionFrame" not in request or request.get("interceptionMode") in (1, 2, 3, 4, 5))
        and ("sequenceLength" not in request or request.get("interceptionMode") in (6,))
        and ("interceptionBoundary" not in request or request.get("interceptionMode") in (5,))
    ):
        codes["RS401"] = None
    the_subCondition = request.get("subCondition")
    if type(the_subCondition) is dict and not (
        ("workPoolFilter" in the_subCondition) == ("workPoolFilterType" in the_subCondition)
    ):
        codes["RS202"] = None
    if type(the_subCondition) is dict and not (
        ("userNameFilter" in the_subCondition) == ("operationFilterType" in the_subCondition)
    ):
        codes["RS203"] = None
    if type(the_subCondition) is dict and not (
        times_in_order(the_subCondition.get("startTime"), the_subCondition.get("endTime"))
    ):
        codes["RS301"] = None
    if type(the_subCondition) is dict and not (
        same_clock(the_subCondition.get("startTime"), the_subCondition.get("endTime"))
    ):
        codes["RS304"] = None
    if type(the_subCondition) is dict and not (
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
        codes["RS402"] = None
    if type(the_subCondition) is dict and not (
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
        codes["RS403"] = None
    if type(the_subCondition) is dict:
        the_workPoolFilter = the_subCondition.get("workPoolFilter")
        if type(the_workPoolFilter) is list and not (have_no_repeats(the_workPoolFilter)):
            codes["RS112"] = None
        the_userNameFilter = the_subCondition.get("userNameFilter")
        if type(the_userNameFilter) is list and not (have_no_repeats(the_userNameFilter)):
            codes["RS112"] = None
        the_operationFilterType = the_subCondition.get("operationFilterType")
        if type(the_operationFilterType) is list and not (have_no_repeats(the_operationFilterType)):
            codes["RS112"] = None
        the_taskId = the_subCondition.get("taskId")
        if type(the_taskId) is list and not (have_no_repeats(the_taskId)):
            codes["RS112"] = None
        the_startTime = the_subCondition.get("startTime")
        if type(the_startTime) is str and not (is_written_time(the_startTime)):
            codes["RS404"] = None
        the_endTime = the_subCondition.get("endTime")
        if type(the_endTime) is str and not (is_written_time(the_endTime)):
            codes["RS404"] = None
    the_interceptionBoundary = request.get("interceptionBoundary")
    if type(the_interceptionBoundary) is list and not (
        have_no_overlap(the_interceptionBoundary, "start", "end")
    ):
        codes["RS303"] = None
    if type(the_interceptionBoundary) is list:
        for item_of_the_interceptionBoundary in the_interceptionBoundary:
            if type(item_of_the_interceptionBoundary) is dict and not (
                numbers_in_order(
                    item_of_the_interceptionBoundary.get("start"),
                    item_of_the_interceptionBoundary.get("end"),
                )
            ):
                codes["RS302"] = None
    the_annotationRequestId = request.get("annotationRequestId")
    if type(the_annotationRequestId) is str and not (
        len(the_annotationRequestId) <= 63 or len(the_annotationRequestId.encode()) <= 255
    ):
        codes["RS406"] = None
    return codes


def of_written(request: Json) -> dict[str, None]:
    """Suspect rules that may have something to say of what they find written in an object."""
    codes: dict[str, None] = {}
    the_annotationRequestId = request.get("annotationRequestId")
    if type(the_annotationRequestId) is str and not (
        the_annotationRequestId == the_annotationRequestId.strip()
    ):
        codes["RS405"] = None
    the_poolName = request.get("poolName")
    if type(the_poolName) is str and not (the_poolName == the_poolName.strip()):
        codes["RS405"] = None
    the_subCondition = request.get("subCondition")
    if type(the_subCondition) is dict:
        the_workPoolFilter = the_subCondition.get("workPoolFilter")
        if type(the_workPoolFilter) is list:
            for item_of_the_workPoolFilter in the_workPoolFilter:
                if type(item_of_the_workPoolFilter) is str and not (
                    item_of_the_workPoolFilter == item_of_the_workPoolFilter.strip()
                ):
                    codes["RS405"] = None
        the_userNameFilter = the_subCondition.get("userNameFilter")
        if type(the_userNameFilter) is list:
            for item_of_the_userNameFilter in the_userNameFilter:
                if type(item_of_the_userNameFilter) is str and not (
                    item_of_the_userNameFilter == item_of_the_userNameFilter.strip()
                ):
                    codes["RS405"] = None
        the_taskId = the_subCondition.get("taskId")
        if type(the_taskId) is list:
            for item_of_the_taskId in the_taskId:
                if type(item_of_the_taskId) is str and not (
                    item_of_the_taskId == item_of_the_taskId.strip()
                ):
                    codes["RS405"] = None
        the_startTime = the_subCondition.get("startTime")
        if type(the_startTime) is str and not (the_startTime == the_startTime.strip()):
            codes["RS405"] = None
        the_endTime = the_subCondition.get("endTime")
        if type(the_endTime) is str and not (the_endTime == the_endTime.strip()):
            codes["RS405"] = None
    return codes


def fits_the_subCondition(the_subCondition: Json) -> bool:
    """Whether subCondition surely is what the request schema wants."""
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
                and item_of_the_workPoolFilter.strip() != ""
            ):
                return False
    the_userNameFilter = the_subCondition.get("userNameFilter")
    if the_userNameFilter is not None:
        if not (type(the_userNameFilter) is list and len(the_userNameFilter) >= 1):
            return False
        for item_of_the_userNameFilter in the_userNameFilter:
            if not (
                type(item_of_the_userNameFilter) is str
                and item_of_the_userNameFilter == item_of_the_userNameFilter.strip()
                and item_of_the_userNameFilter.strip() != ""
            ):
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
    the_taskId = the_subCondition.get("taskId")
    if the_taskId is not None:
        if not (type(the_taskId) is list and len(the_taskId) >= 1):
            return False
        for item_of_the_taskId in the_taskId:
            if not (
                type(item_of_the_taskId) is str
                and item_of_the_taskId == item_of_the_taskId.strip()
                and item_of_the_taskId.strip() != ""
            ):
                return False
    the_startTime = the_subCondition.get("startTime")
    if the_startTime is not None:
        if not (
            type(the_startTime) is str
            and the_startTime == the_startTime.strip()
            and is_written_time(the_startTime)
        ):
            return False
    the_endTime = the_subCondition.get("endTime")
    if the_endTime is not None:
        if not (
            type(the_endTime) is str
            and the_endTime == the_endTime.strip()
            and is_written_time(the_endTime)
        ):
            return False
    return True


def fits_the_workPoolFilter(the_workPoolFilter: Json) -> bool:
    """Whether subCondition.workPoolFilter surely is what the request schema wants."""
    if not (type(the_workPoolFilter) is list and len(the_workPoolFilter) >= 1):
        return False
    for item_of_the_workPoolFilter in the_workPoolFilter:
        if not (
            type(item_of_the_workPoolFilter) is str
            and item_of_the_workPoolFilter == item_of_the_workPoolFilter.strip()
            and item_of_the_workPoolFilter.strip() != ""
        ):
            return False
    return True


def fits_the_userNameFilter(the_userNameFilter: Json) -> bool:
    """Whether subCondition.userNameFilter surely is what the request schema wants."""
    if not (type(the_userNameFilter) is list and len(the_userNameFilter) >= 1):
        return False
    for item_of_the_userNameFilter in the_userNameFilter:
        if not (
            type(item_of_the_userNameFilter) is str
            and item_of_the_userNameFilter == item_of_the_userNameFilter.strip()
            and item_of_the_userNameFilter.strip() != ""
        ):
            return False
    return True


def fits_the_operationFilterType(the_operationFilterType: Json) -> bool:
    """Whether subCondition.operationFilterType surely is what the request schema wants."""
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
    return True


def fits_the_taskId(the_taskId: Json) -> bool:
    """Whether subCondition.taskId surely is what the request schema wants."""
    if not (type(the_taskId) is list and len(the_taskId) >= 1):
        return False
    for item_of_the_taskId in the_taskId:
        if not (
            type(item_of_the_taskId) is str
            and item_of_the_taskId == item_of_the_taskId.strip()
            and item_of_the_taskId.strip() != ""
        ):
            return False
    return True


def fits_the_interceptionBoundary(the_interceptionBoundary: Json) -> bool:
    """Whether interceptionBoundary surely is what the request schema wants."""
    if not (type(the_interceptionBoundary) is list and len(the_interceptionBoundary) >= 1):
        return False
    for item_of_the_interceptionBoundary in the_interceptionBoundary:
        if not (type(item_of_the_interceptionBoundary) is dict):
            return False
        if not (
            None not in item_of_the_interceptionBoundary.values()
            and item_of_the_interceptionBoundary.keys() <= KEYS_OF_ITEM_OF_THE_INTERCEPTIONBOUNDARY
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
            (type(the_end) is int or type(the_end) is float) and the_end % 1 == 0 and the_end >= 0
        ):
            return False
    return True


def fits_item_of_the_interceptionBoundary(item_of_the_interceptionBoundary: Json) -> bool:
    """Whether each item of interceptionBoundary surely is what the request schema wants."""
    if not (type(item_of_the_interceptionBoundary) is dict):
        return False
    if not (
        None not in item_of_the_interceptionBoundary.values()
        and item_of_the_interceptionBoundary.keys() <= KEYS_OF_ITEM_OF_THE_INTERCEPTIONBOUNDARY
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
    if not ((type(the_end) is int or type(the_end) is float) and the_end % 1 == 0 and the_end >= 0):
        return False
    return True


FITS = {
    ("$schema",): lambda value: type(value) is str and value == value.strip(),
    ("annotationRequestId",): lambda value: (
        type(value) is str and value == value.strip() and value.strip() != ""
    ),
    ("poolName",): lambda value: (
        type(value) is str and value == value.strip() and value.strip() != ""
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
    ("subCondition",): fits_the_subCondition,
    ("subCondition", "conditionJoinType"): lambda value: (
        type(value) is str and value == value.strip() and value in ("and", "or")
    ),
    ("subCondition", "workPoolFilterType"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value in (1, 2)
    ),
    ("subCondition", "workPoolFilter"): fits_the_workPoolFilter,
    ("subCondition", "workPoolFilter", "*"): lambda value: (
        type(value) is str and value == value.strip() and value.strip() != ""
    ),
    ("subCondition", "userNameFilter"): fits_the_userNameFilter,
    ("subCondition", "userNameFilter", "*"): lambda value: (
        type(value) is str and value == value.strip() and value.strip() != ""
    ),
    ("subCondition", "operationFilterType"): fits_the_operationFilterType,
    ("subCondition", "operationFilterType", "*"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value in (1, 2, 3)
    ),
    ("subCondition", "noNeedAnnotate"): lambda value: value is True or value is False,
    ("subCondition", "haveIssue"): lambda value: value is True or value is False,
    ("subCondition", "rejectionTime"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 0
    ),
    ("subCondition", "taskId"): fits_the_taskId,
    ("subCondition", "taskId", "*"): lambda value: (
        type(value) is str and value == value.strip() and value.strip() != ""
    ),
    ("subCondition", "startTime"): lambda value: (
        type(value) is str and value == value.strip() and is_written_time(value)
    ),
    ("subCondition", "endTime"): lambda value: (
        type(value) is str and value == value.strip() and is_written_time(value)
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
    ("interceptionBoundary",): fits_the_interceptionBoundary,
    ("interceptionBoundary", "*"): fits_item_of_the_interceptionBoundary,
    ("interceptionBoundary", "*", "start"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 0
    ),
    ("interceptionBoundary", "*", "end"): lambda value: (
        (type(value) is int or type(value) is float) and value % 1 == 0 and value >= 0
    ),
}
