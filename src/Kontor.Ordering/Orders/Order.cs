namespace Kontor.Ordering.Orders;

sealed record Order;
