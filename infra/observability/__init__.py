"""What operators' tools take: Prometheus's files, Grafana's dashboard, the guide's picture."""
