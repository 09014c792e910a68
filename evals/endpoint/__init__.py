"""Models behind an OpenAI-compatible chat-completions endpoint: a provider's, or one's own vLLM, SGLang, llama.cpp."""

from evals.endpoint.model import EndpointModel, Usage
from evals.endpoint.settings import Endpoint, endpoint_digest, parse_extra

__all__ = ["Endpoint", "EndpointModel", "Usage", "endpoint_digest", "parse_extra"]
