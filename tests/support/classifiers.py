"""The classifier in the wheel, read once for all tests."""

from stream_processors.domain.classification.classifier import shipped_classifier
from stream_processors.processors.classify import classify

SHIPPED = shipped_classifier()
CLASSIFY = classify(SHIPPED)
