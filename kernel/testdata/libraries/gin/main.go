package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/gin-gonic/gin"
)

type order struct {
	Item  string `json:"item" binding:"required"`
	Count int    `json:"count" binding:"gte=1,lte=9"`
}

func main() {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Use(gin.Recovery(), func(c *gin.Context) { c.Header("X-Seen", c.FullPath()) })
	router.GET("/items/:name", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"name": c.Param("name"), "page": c.DefaultQuery("page", "1")})
	})
	router.POST("/orders", func(c *gin.Context) {
		var o order
		if err := c.ShouldBindJSON(&o); err != nil {
			c.String(http.StatusBadRequest, "%v", err)
			return
		}
		c.JSON(http.StatusCreated, o)
	})
	server := httptest.NewServer(router)
	defer server.Close()
	show := func(r *http.Response, err error) {
		if err != nil {
			fmt.Println(err)
			return
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		fmt.Println(r.Status, r.Header.Get("X-Seen"), string(body), err)
	}
	show(http.Get(server.URL + "/items/pen?page=3"))
	show(http.Post(server.URL+"/orders", "application/json", strings.NewReader(`{"item": "pen", "count": 4}`)))
	show(http.Post(server.URL+"/orders", "application/json", strings.NewReader(`{"count": 40}`)))
	show(http.Get(server.URL + "/nowhere"))
}
