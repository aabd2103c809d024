global using Xunit;
global using CartId = Kontor.Kernel.Id<Kontor.Ordering.Carts.Cart>;
global using OrderId = Kontor.Kernel.Id<Kontor.Ordering.Orders.Order>;
