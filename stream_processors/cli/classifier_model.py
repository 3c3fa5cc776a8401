"""Which classifier runs: the one in the wheel, or the one that was promoted."""

from pathlib import Path

from stream_processors.domain.classification.classifier import Classifier, loaded, shipped_classifier
from stream_processors.domain.classification.weights import unpacked
from stream_processors.settings import InvalidSettings, Settings


def running_classifier(found: Settings) -> Classifier:
    """The classifier in the wheel, or the one that was promoted by a setting. Without it nothing may start."""
    promoted = found.text("PSO_CLASSIFIER_MODEL")
    try:
        return loaded(unpacked(Path(promoted).read_bytes())) if promoted else shipped_classifier()
    except (OSError, ValueError) as error:
        what = "PSO_CLASSIFIER_MODEL" if promoted else "the classifier's model"
        told = f"{what} is missing, damaged or of another build ({type(error).__name__}): install again or name another file"
        raise InvalidSettings([told]) from None
