"""``ree predict``: sites of a user's own, read strictly, resolved by the warehouse's own tables."""

from warehouse.predict.run import predict_file

__all__ = ["predict_file"]
