"""Pictures as SVG text, from numbers alone: readable in light and in dark, on paper and on a screen."""
