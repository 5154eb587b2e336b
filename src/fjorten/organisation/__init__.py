"""Who runs the service: municipalities, their clinics and the areas the clinics serve, and each municipality's own choices."""
