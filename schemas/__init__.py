"""The contract between providers and the PSO: topics, records, grades, headers, bytes. It knows neither side."""
