"""The enums of the product, equal to what is stored. Imports nothing of the project."""

from enum import StrEnum


class GroupKind(StrEnum):
    """What a group is made of."""

    CLASS = "class"
    STAFF = "staff"


class Role(StrEnum):
    """What a member is in a group."""

    STUDENT = "student"
    TEACHER = "teacher"
    STAFF = "staff"


class Flag(StrEnum):
    """A code on a record, a hint for a person. `bot/records/flags.py` says what raises each."""

    FEVER = "fever"
    SYMPTOM = "symptom"
    FAMILY_ILL = "family_ill"
    TRAVEL = "travel"
    CONTACT_1 = "contact_1"
    CONTACT_2 = "contact_2"
    CONTACT_3 = "contact_3"
    CONTACT_OUTSIDER = "contact_outsider"
    ISOLATION = "isolation"


class Polarity(StrEnum):
    """Whether the text says that it is so (ConText: Harkema et al. 2009, doi 10.1016/j.jbi.2009.05.002)."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"
    HEDGED = "hedged"


class Experiencer(StrEnum):
    """Who has what a statement says: the reported person, their household, or somebody else."""

    PERSON = "person"
    HOUSEHOLD = "household"
    OTHER = "other"


class Temporality(StrEnum):
    """When a statement holds."""

    NOW = "now"
    PAST = "past"  # and said to be over
    FROM = "from"  # from a date on, still so
    HYPOTHETICAL = "hypothetical"  # asked, wished, conditional


class Topic(StrEnum):
    """What a statement is about."""

    TEMPERATURE = "temperature"
    FEVER = "fever"
    SYMPTOM = "symptom"
    TRAVEL = "travel"
    CONTACT = "contact"
    ISOLATION = "isolation"
    WELL = "well"


class ContactClass(StrEnum):
    """The classes of people (三类人员) that contact is asked about; a deployment words them in its setting."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    OUTSIDER = "outsider"


class Basis(StrEnum):
    """Why a record stands: they said so, or a bare name in a chain stands for it."""

    STATED = "stated"
    INFERRED = "inferred"


class State(StrEnum):
    """Of a member-day. Not said is not healthy, not read is not missing."""

    FLAGGED = "flagged"
    REVIEW = "review"
    CLEAR = "clear"
    MISSING = "missing"


class Reason(StrEnum):
    """Why a person must look. `bot/reading/reasons.py` has an example and the teacher's sentence of each."""

    UNKNOWN_SENDER = "unknown_sender"
    UNKNOWN_PERSON = "unknown_person"
    AMBIGUOUS_PERSON = "ambiguous_person"
    OWN_READING = "own_reading"
    SUM_WITHOUT_NAMES = "sum_without_names"
    NEWS_OF_ILLNESS = "news_of_illness"
    IMPLAUSIBLE_TEMPERATURE = "implausible_temperature"
    CLASS_NOT_NAMED = "class_not_named"
    UNDEFINED_MARK = "undefined_mark"
    LOWERED_BY_OTHER = "lowered_by_other"
    LATE_WITHOUT_DAY = "late_without_day"
    QUESTION_WITH_FACT = "question_with_fact"
    UNREADABLE = "unreadable"
    CLOSED_DAY = "closed_day"
    PARKED = "parked"


class ReviewState(StrEnum):
    """Of a review item."""

    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"  # a later message or reading answered it


class VersionReason(StrEnum):
    """Why a record got a new version."""

    REPORTED = "reported"
    ADDED = "added"
    CORRECTED = "corrected"
    REREAD = "reread"


class MessageState(StrEnum):
    """Of a message in the inbox."""

    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"
    QUARANTINED = "quarantined"


class DeliveryState(StrEnum):
    """Of a message in the outbox."""

    DUE = "due"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"


class DeliveryKind(StrEnum):
    """What a message in the outbox is: a reminder leaves at most once, a digest at least once, with its number."""

    REMINDER = "reminder"
    DIGEST = "digest"


class DeadBecause(StrEnum):
    """Why a message in the outbox will never be sent."""

    TOO_LATE = "too_late"  # its deadline passed
    BINDING_CHANGED = "binding_changed"  # the chat is bound to something else, or to nothing
    REFUSED = "refused"  # the platform does not take this message
    ROBOT_GONE = "robot_gone"  # the platform knows no such robot: removed, or a wrong key
    NO_CHANNEL = "no_channel"  # there is no way out of this name


class JobKind(StrEnum):
    """What the clock sets off. `bot/jobs.py` has when and what."""

    REMINDER = "reminder"
    SCHOOL_DIGEST = "school_digest"
    BUREAU_DIGEST = "bureau_digest"


class SlotOutcome(StrEnum):
    """What became of a due occurrence of a job."""

    FIRED = "fired"
    NOTHING = "nothing"  # there was nothing to say
    SKIPPED = "skipped"  # nobody was there to do it until it was too late


class UserRole(StrEnum):
    """As what somebody is signed in: it says which units they see, and how much of them."""

    TEACHER = "teacher"
    SCHOOL = "school"
    BUREAU = "bureau"


class Cause(StrEnum):
    """Why a group's log got a new revision."""

    MESSAGES = "messages"
    ROSTER = "roster"
    SETTING = "setting"


class AuditAct(StrEnum):
    """What an audit row says happened."""

    FOREIGN_CHAT = "foreign_chat"  # a gateway signed a message of a chat that is bound to another
    QUARANTINED = "quarantined"
    RELEASED = "released"
    PARKED = "parked"
