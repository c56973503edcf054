"""The local stack: the real Kafka and Elasticsearch as child processes, by ``pip`` alone.

`LocalStack` is the front door; `LocalStackError` is what a caller shows the
user when it does not open; `Child` runs any other program the same way.
Importing this package costs nothing but the standard library: Java, the
engines and the network are touched when a stack starts, not before.
"""

from newswire.local.errors import LocalStackError
from newswire.local.stack import LocalStack
from newswire.local.supervise import Child

__all__ = ["Child", "LocalStack", "LocalStackError"]
