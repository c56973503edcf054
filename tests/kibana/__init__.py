"""What stands in for a running Kibana: reads its objects, judges them, and asks Elasticsearch what their panels ask.

``objects`` reads them and ``kuery`` their query language, ``structure`` and ``fitting``
say what is wrong with them, ``panels`` turns each panel into the request of Kibana.
"""
